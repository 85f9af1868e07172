package tap.localstack.cli;

import java.io.Console;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackStop;

/** {@code ./tap reset}. */
@Command(name = "reset", mixinStandardHelpOptions = true, description = "End the stack and delete all its data.")
public final class ResetCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        StackFolder folder = data.folder();
        if (!yes && !confirmed(folder)) {
            throw new LocalStackException(
                    "Nothing was deleted. Say ./tap reset --yes to delete " + folder.path() + ".");
        }
        StackStop.stop(folder);
        folder.delete();
        spec.commandLine().getOut().println("Deleted " + folder.path());
        spec.commandLine().getOut().flush();
        return 0;
    }

    // Error Prone holds that there is always a console since JDK 22; JDK 25 returns none without a terminal.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean confirmed(StackFolder folder) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return false;
        }
        String answer = console.readLine("Delete all data in %s? [y/N] ", folder.path());
        return answer != null && answer.strip().equalsIgnoreCase("y");
    }
}
