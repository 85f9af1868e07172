package tap.localstack.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.localstack.demo.Demo;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackSettings;
import tap.localstack.supervisor.StackState;

/** {@code ./tap demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Start the stack if needed, play the story of a pass on it, measure it, and leave it running.")
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--port", paramLabel = "PORT", description = "The gateway's port, if the stack is to be started.")
    private @Nullable Integer port;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description =
                    "Before the latencies are measured (default: ${DEFAULT-VALUE}; 0 leaves the measurement out).")
    private int warmUp;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        StackFolder folder = data.folder();
        if (warmUp < 0) {
            throw new LocalStackException("--warm-up " + warmUp + " is out of range. Choose 0 or more seconds.");
        }
        Optional<StackState> running = folder.state().filter(StackState::isRunning);
        if (running.isPresent()) {
            int runsOn = running.get().settings().port();
            if (port != null && port != runsOn) {
                throw new LocalStackException("The stack on " + folder.path() + " runs on port " + runsOn
                        + ". Run ./tap down first, or leave out --port.");
            }
            new RunningSupervisor(running.get()).startMissing().forEach(out::println);
        } else {
            out.println("Starting the stack ...");
            out.flush();
            DetachedSupervisor.start(
                    folder,
                    new StackSettings(port == null ? StackSettings.DEFAULT.port() : port, StackSettings.DEFAULT.pods()),
                    line -> {
                        out.println(line);
                        out.flush();
                    });
        }
        Demo.run(folder, out, Duration.ofSeconds(warmUp));
        return 0;
    }
}
