package tap.localstack.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

import picocli.CommandLine;
import tap.localstack.Tap;

/** Runs a command in this JVM. */
record CommandLineTool(int exitCode, String out, String err) {
    static CommandLineTool tap(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Tap.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        int exitCode = commandLine.execute(arguments);
        return new CommandLineTool(exitCode, out.toString(), err.toString());
    }
}
