package tap.localstack.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackStop;

/** {@code ./tap down}. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "End the stack; its data stays.")
public final class DownCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        StackFolder folder = data.folder();
        boolean ran = StackStop.stop(folder);
        spec.commandLine()
                .getOut()
                .println(ran ? "Stopped. The data stays in " + folder.path() : "Nothing runs on " + folder.path());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
