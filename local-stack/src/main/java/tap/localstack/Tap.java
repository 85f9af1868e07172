package tap.localstack;

import java.io.PrintWriter;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tap.localstack.cli.DemoCommand;
import tap.localstack.cli.DownCommand;
import tap.localstack.cli.LogsCommand;
import tap.localstack.cli.ParkedCommand;
import tap.localstack.cli.ResetCommand;
import tap.localstack.cli.RestoreCommand;
import tap.localstack.cli.StatusCommand;
import tap.localstack.cli.TokenCommand;
import tap.localstack.cli.UnparkCommand;
import tap.localstack.cli.UpCommand;
import tap.localstack.infrastructure.LocalStackException;

/** What {@code ./tap} hands over to once everything is built. */
@Command(
        name = "tap",
        description = "TAP on this machine: PostgreSQL, Kafka, the three services and one gateway port.",
        footer = {
            "%nAlso:",
            "  ./tap test builds everything and runs every test.",
            "  ./tap torture lets everything fail under load, and proves that no promise was broken.",
            "  ./tap drill rolls pods of two builds forth and back, and restores a backup after 10,000 redemptions."
        },
        mixinStandardHelpOptions = true,
        version = "TAP 0.1.0",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            ResetCommand.class,
            TokenCommand.class,
            ParkedCommand.class,
            UnparkCommand.class,
            RestoreCommand.class
        })
public final class Tap implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The commands, with what cannot be done said in one line on standard error and an exit code that is not 0. */
    public static CommandLine commandLine() {
        return new CommandLine(new Tap())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((fault, command, parsed) -> {
                    PrintWriter err = command.getErr();
                    if (fault instanceof LocalStackException) {
                        err.println("tap: " + fault.getMessage());
                    } else {
                        err.println("tap: unexpected fault; please report it with these lines.");
                        fault.printStackTrace(err);
                    }
                    err.flush();
                    return 1;
                })
                .setParameterExceptionHandler((fault, given) -> {
                    PrintWriter err = fault.getCommandLine().getErr();
                    err.println("tap: " + fault.getMessage() + " See ./tap --help.");
                    err.flush();
                    return 2;
                });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do, for example ./tap demo.");
    }
}
