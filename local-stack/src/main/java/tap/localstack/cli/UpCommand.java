package tap.localstack.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.ServiceProgram;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackSettings;
import tap.localstack.supervisor.StackState;
import tap.localstack.supervisor.Supervisor;

/** {@code ./tap up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start the stack; on a running stack, start what is missing. Ctrl-C ends it, its data stays.")
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private final DataOption data = new DataOption();

    @Option(names = "--detach", description = "Return when the stack is ready, and leave it running.")
    private boolean detach;

    @Option(names = "--port", paramLabel = "PORT", description = "The gateway's port (default: 8080).")
    private @Nullable Integer port;

    @Option(names = "--pods", paramLabel = "N", description = "Pods of each service (default: 1).")
    private @Nullable Integer pods;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        StackFolder folder = data.folder();
        Optional<StackState> running = folder.state().filter(StackState::isRunning);
        StackSettings settings = settings(running.map(StackState::settings).orElse(StackSettings.DEFAULT));
        long begin = System.nanoTime();
        if (running.isPresent()) {
            requireSame(folder, running.get().settings(), settings);
            new RunningSupervisor(running.get()).startMissing().forEach(line -> say(out, line, begin));
            out.println("The stack is running: " + running.get().gatewayUrl());
            out.flush();
            return 0;
        }
        if (detach) {
            DetachedSupervisor.start(folder, settings, line -> {
                out.println(line);
                out.flush();
            });
            return 0;
        }
        Supervisor supervisor = Supervisor.start(
                folder, settings, ServiceProgram.packaged(Project.root()), line -> say(out, line, begin));
        out.printf(
                "Ready in %.1f s: %s   (Ctrl-C ends it; try ./tap demo, ./tap status, ./tap token)%n",
                seconds(begin), supervisor.state().gatewayUrl());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    private StackSettings settings(StackSettings otherwise) {
        StackSettings settings =
                new StackSettings(port == null ? otherwise.port() : port, pods == null ? otherwise.pods() : pods);
        if (settings.port() < 1 || settings.port() > 65_535) {
            throw new LocalStackException("--port " + settings.port() + " is no port. Choose one from 1 to 65535.");
        }
        if (settings.pods() < 1 || settings.pods() > 9) {
            throw new LocalStackException("--pods " + settings.pods() + " is out of range. Choose 1 to 9.");
        }
        return settings;
    }

    private static void requireSame(StackFolder folder, StackSettings running, StackSettings wanted) {
        if (!running.equals(wanted)) {
            throw new LocalStackException("The stack on " + folder.path() + " runs with " + running + ", not with "
                    + wanted + ". Run ./tap down first, or choose another --data.");
        }
    }

    private static synchronized void say(PrintWriter out, String line, long begin) {
        out.printf("%6.1f s  %s%n", seconds(begin), line);
        out.flush();
    }

    private static double seconds(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
    }
}
