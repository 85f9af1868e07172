package tap.eventsourcing.suites;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import tap.eventsourcing.relay.LogOrder;
import tap.eventsourcing.relay.RelayOptions;
import tap.localstack.infrastructure.DetachedProcess;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.infrastructure.ServiceDatabase;

/** A pod of the {@link TallyService} that only relays, in a JVM of its own: it can be killed, and frozen as a whole. */
final class ChildRelay {
    private final String pod;
    private final RunningProcess process;

    private ChildRelay(String pod, RunningProcess process) {
        this.pod = pod;
        this.process = process;
    }

    /**
     * Starts one; returns at once.
     *
     * @param folder where its configuration and log go
     * @param pod its name, without a slash
     * @param lease how long it keeps the lease after it vanished
     */
    static ChildRelay start(Path folder, String pod, TallyService service, Duration lease, LogOrder order) {
        ServiceDatabase database = service.database.credentials();
        Properties configuration = new Properties();
        configuration.putAll(Map.of(
                "bootstrap", service.topics.bootstrap(),
                "prefix", service.topics.prefix(),
                "pod", pod,
                "lease", lease.toString(),
                "order", order.name(),
                "url", database.reactiveUrl(),
                "user", database.serviceUser(),
                "password", database.servicePassword()));
        Path file = folder.resolve(pod + ".properties");
        Path classPath = folder.resolve("class-path");
        try (var writer = Files.newBufferedWriter(file)) {
            configuration.store(writer, null);
            Files.writeString(classPath, "-cp\n\"" + JavaCommand.classPath() + "\"\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Process started = DetachedProcess.start(
                List.of(
                        JavaCommand.launcher(),
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "@" + classPath,
                        ChildRelay.class.getName(),
                        file.toString()),
                folder,
                Map.of(),
                folder.resolve(pod + ".log"));
        return new ChildRelay(pod, RunningProcess.of(started.toHandle()));
    }

    String pod() {
        return pod;
    }

    /** SIGKILL. */
    void kill() {
        process.kill();
    }

    /** SIGSTOP: it does nothing any more, and knows nothing of it. */
    void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " of " + pod + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param arguments the configuration's file */
    static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        Properties configuration = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            configuration.load(reader);
        }
        Pool pool = Pool.pool(
                Vertx.vertx(),
                PgConnectOptions.fromUri(configuration.getProperty("url"))
                        .setUser(configuration.getProperty("user"))
                        .setPassword(configuration.getProperty("password"))
                        .setCachePreparedStatements(true),
                new PoolOptions().setMaxSize(2));
        String prefix = configuration.getProperty("prefix");
        RelayOptions options = new RelayOptions(
                configuration.getProperty("bootstrap"),
                prefix,
                configuration.getProperty("pod"),
                Duration.parse(configuration.getProperty("lease")),
                200);
        LogOrder.valueOf(configuration.getProperty("order"))
                .relay(options, pool, TallyService.publication(prefix), new SimpleMeterRegistry())
                .start();
        // it ends with the JVM that started it, however that ends
        ProcessHandle.current().parent().orElseThrow().onExit().get();
        System.exit(0);
    }
}
