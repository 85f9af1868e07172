package tap.eventsourcing.suites;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.ServiceDatabase;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/** A {@link WriterPod} in a JVM of its own. */
final class WriterProcess implements AutoCloseable {
    private static final long PATIENCE_S = 60;

    private final Process process;
    private final Writer in;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private WriterProcess(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(() -> {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                out.lines().forEach(said::add);
            } catch (IOException ended) {
                // nothing more to hear
            }
        });
    }

    static WriterProcess start(TestDatabase database) throws IOException {
        ServiceDatabase where = database.credentials();
        ProcessBuilder command = new ProcessBuilder(List.of(
                        JavaCommand.launcher(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        JavaCommand.classPath(),
                        WriterPod.class.getName()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put(WriterPod.URL, where.reactiveUrl());
        command.environment().put(WriterPod.USER, where.serviceUser());
        command.environment().put(WriterPod.PASSWORD, where.servicePassword());
        return new WriterProcess(command.start());
    }

    long pid() {
        return process.pid();
    }

    /** Writes a line to its input; a frozen one reads it when it is thawed. */
    void tell(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    /** Waits until it says the next line, which must be this. */
    void hear(String line) throws InterruptedException {
        @Nullable String next = said.poll(PATIENCE_S, TimeUnit.SECONDS);
        assertThat(next).isEqualTo(line);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
