package tap.localstack.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * One Apache Kafka broker that is its own KRaft controller, on the loopback interface, in a JVM that survives the one which
 * started it. Its folder holds the log segments, the configuration and the broker's log; whoever has the folder can
 * attach to the broker, stop it, or start it again after a kill.
 */
public final class KafkaProcess {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final @Nullable ProxiedListener proxied;
    private final RunningProcess process;

    private KafkaProcess(Path directory, int port, @Nullable ProxiedListener proxied, RunningProcess process) {
        this.directory = directory;
        this.port = port;
        this.proxied = proxied;
        this.process = process;
    }

    /**
     * Starts the broker of this folder, formatting its storage when there is none; attaches if it runs already. Returns
     * when it answers a client. Racing callers, in other JVMs too, end up with the same broker.
     *
     * @param directory the broker's own folder
     * @param port the port to listen on, 0 for any that is free
     * @throws LocalStackException if it cannot be started, with the end of its log
     */
    public static KafkaProcess start(Path directory, int port) {
        return start(directory, port, null);
    }

    /** As the other one, with a second listener for clients that come through a proxy, or none. */
    public static KafkaProcess start(Path directory, int port, @Nullable ProxiedListener proxied) {
        Path home = directory.toAbsolutePath();
        return ExclusiveStart.in(home, () -> attach(home).orElseGet(() -> launch(home, port, proxied)));
    }

    /** The broker of this folder, if it runs. */
    public static Optional<KafkaProcess> attach(Path directory) {
        Path home = directory.toAbsolutePath();
        Properties recorded = new Properties();
        try (var reader = Files.newBufferedReader(home.resolve("process.properties"))) {
            recorded.load(reader);
        } catch (IOException neverStarted) {
            return Optional.empty();
        }
        String startedAt = recorded.getProperty("startedAt", "");
        RunningProcess process = new RunningProcess(
                Long.parseLong(recorded.getProperty("pid")), startedAt.isEmpty() ? null : Instant.parse(startedAt));
        return process.isAlive()
                ? Optional.of(new KafkaProcess(
                        home, Integer.parseInt(recorded.getProperty("port")), proxied(recorded), process))
                : Optional.empty();
    }

    /** {@code bootstrap.servers} of this broker. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** {@code bootstrap.servers} of clients that go through the proxy, where there is one. */
    public String bootstrapOfPods() {
        return proxied == null ? bootstrap() : "127.0.0.1:" + proxied.proxyPort();
    }

    /** The broker's port on the loopback interface. */
    public int port() {
        return port;
    }

    /** The listener for clients that come through a proxy, if it was started with one. */
    public Optional<ProxiedListener> proxied() {
        return Optional.ofNullable(proxied);
    }

    /** The broker's process id. */
    public long pid() {
        return process.pid();
    }

    /** The broker's JVM. */
    public RunningProcess process() {
        return process;
    }

    /** Where the broker writes its log. */
    public Path log() {
        return directory.resolve("kafka.log");
    }

    /** Ends the broker in order and returns when it is gone. */
    public void stop() {
        process.stop(STOP_PATIENCE);
        ClassArchive.keep(directory);
    }

    /** Ends the broker without asking (SIGKILL) and returns when it is gone. */
    public void kill() {
        process.kill();
    }

    private static KafkaProcess launch(Path home, int port, @Nullable ProxiedListener proxied) {
        int chosen = LoopbackPorts.pick(port);
        if (port != 0 && chosen != port) {
            throw new LocalStackException("Port " + port + " for Kafka is taken.");
        }
        Path configuration = home.resolve("server.properties");
        Path log = home.resolve("kafka.log");
        try {
            Files.writeString(
                    configuration, KafkaConfiguration.of(home.resolve("data"), chosen, LoopbackPorts.pick(), proxied));
            Files.writeString(home.resolve("log4j2.properties"), KafkaConfiguration.LOGGING);
            if (!Files.exists(home.resolve("data/meta.properties"))) {
                format(home, configuration, log);
            }
            Process child = DetachedProcess.start(
                    java(home, brokerOptions(home), "kafka.Kafka", configuration.toString()), home, Map.of(), log);
            KafkaProcess broker = new KafkaProcess(home, chosen, proxied, RunningProcess.of(child.toHandle()));
            broker.record();
            broker.awaitReady();
            return broker;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void format(Path home, Path configuration, Path log) {
        List<String> options = new ArrayList<>(archive(home).use());
        options.add("-XX:TieredStopAtLevel=1");
        Process tool = DetachedProcess.start(
                java(
                        home,
                        options,
                        "kafka.tools.StorageTool",
                        "format",
                        "--cluster-id=" + Uuid.randomUuid(),
                        "--config=" + configuration),
                home,
                Map.of(),
                log);
        try {
            if (!tool.waitFor(START_PATIENCE.toSeconds(), TimeUnit.SECONDS) || tool.exitValue() != 0) {
                tool.destroyForcibly();
                throw notStarted(log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while Kafka was set up.", e);
        }
    }

    private static List<String> java(Path home, List<String> options, String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.launcher());
        command.addAll(options);
        command.addAll(List.of(
                "-Djava.awt.headless=true",
                "-Dslf4j.provider=org.apache.logging.slf4j.SLF4JServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-Dlog4j2.configurationFile=" + home.resolve("log4j2.properties"),
                "@" + classPath(home),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }

    /** A file, because a class path of a hundred jars is longer than some systems take as an argument. */
    private static Path classPath(Path home) {
        Path file = home.resolve("class-path");
        String argument = "-cp\n\"" + JavaCommand.join(JavaCommand.entriesForKafka()) + "\"\n";
        try {
            if (!Files.exists(file) || !Files.readString(file).equals(argument)) {
                Files.writeString(file, argument);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> brokerOptions(Path home) {
        List<String> options = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20"));
        options.addAll(archive(home).useOrMake());
        return options;
    }

    private static ClassArchive archive(Path home) {
        return ClassArchive.of("kafka", JavaCommand.entriesForKafka(), home);
    }

    private void record() throws IOException {
        Instant startedAt = process.startedAt();
        SecretFile.write(
                directory.resolve("process.properties"),
                "pid=" + pid() + "\nport=" + port + "\nstartedAt=" + (startedAt == null ? "" : startedAt)
                        + (proxied == null
                                ? ""
                                : "\nproxiedPort=" + proxied.port() + "\nproxyPort=" + proxied.proxyPort())
                        + "\n");
    }

    private static @Nullable ProxiedListener proxied(Properties recorded) {
        String port = recorded.getProperty("proxiedPort");
        return port == null
                ? null
                : new ProxiedListener(Integer.parseInt(port), Integer.parseInt(recorded.getProperty("proxyPort")));
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!LoopbackPorts.answers(port)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.kill();
                throw notStarted(log());
            }
            pause();
        }
        // The port opens before the broker is unfenced.
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap(),
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                50,
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG,
                20))) {
            while (admin.describeCluster().nodes().get(30, TimeUnit.SECONDS).isEmpty()) {
                pause();
            }
        } catch (ExecutionException | TimeoutException e) {
            process.kill();
            throw notStarted(log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while waiting for Kafka.", e);
        }
    }

    private static LocalStackException notStarted(Path log) {
        return new LocalStackException(
                "Kafka did not start; the end of " + log + " says:\n" + DetachedProcess.tail(log, 8));
    }

    private static void pause() {
        try {
            Thread.sleep(25);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while waiting for Kafka.", e);
        }
    }
}
