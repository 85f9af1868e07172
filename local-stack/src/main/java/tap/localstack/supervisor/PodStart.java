package tap.localstack.supervisor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tap.localstack.infrastructure.ClassArchive;
import tap.localstack.infrastructure.DetachedProcess;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.RunningProcess;

/** Starts a pod and waits until it says that it is ready. */
final class PodStart {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final StackFolder folder;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    PodStart(StackFolder folder) {
        this.folder = folder;
    }

    /** Where the pod writes. */
    static Path log(StackFolder folder, String service, int index) {
        return folder.logs().resolve(service + "-" + index + ".log");
    }

    StackState.Pod launch(ServiceProgram program, int index, int port, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.launcher());
        command.addAll(program.options());
        ClassArchive archive = ClassArchive.of(program.name(), program.jars(), folder.path());
        // One pod alone leaves it: two that end together would write the same file.
        command.addAll(index == 0 ? archive.useOrMake() : archive.use());
        command.add(Leftovers.mark(folder));
        command.addAll(program.command());
        Process process =
                DetachedProcess.start(command, folder.path(), environment, log(folder, program.name(), index));
        return new StackState.Pod(port, RunningProcess.of(process.toHandle()));
    }

    /** Returns when {@code /q/health/ready} answers 200. */
    void awaitReady(ServiceProgram program, int index, StackState.Pod pod) {
        HttpRequest question = HttpRequest.newBuilder(URI.create(pod.url() + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady(question)) {
            if (!pod.process().isAlive()) {
                throw notReady(program, index, "ended while it started");
            }
            if (System.nanoTime() > deadline) {
                throw notReady(program, index, "is not ready after " + PATIENCE.toSeconds() + " s");
            }
            pause();
        }
    }

    private boolean isReady(HttpRequest question) {
        try {
            return client.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while services started.", e);
        }
    }

    private LocalStackException notReady(ServiceProgram program, int index, String what) {
        return new LocalStackException(program.name() + " " + what + "; the end of "
                + log(folder, program.name(), index) + " says:\n"
                + DetachedProcess.tail(log(folder, program.name(), index), 6));
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while services started.", e);
        }
    }
}
