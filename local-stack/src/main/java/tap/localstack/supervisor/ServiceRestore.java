package tap.localstack.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import tap.localstack.infrastructure.DetachedProcess;
import tap.localstack.infrastructure.Durability;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.ServiceDatabase;

/**
 * Brings a service's database back from its topics: ends the service's pods, and runs the service in restore mode to its end. On a
 * stack that is down, PostgreSQL and Kafka run meanwhile. Interrupted, it is run again.
 */
public final class ServiceRestore {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final String SAYS = "restore: ";

    private final StackFolder folder;
    private final StackState state;
    private final ServiceProgram program;
    private final Progress progress;

    private ServiceRestore(StackFolder folder, StackState state, ServiceProgram program, Progress progress) {
        this.folder = folder;
        this.state = state;
        this.program = program;
        this.progress = progress;
    }

    /**
     * Restores, and returns when the database is complete; the service's pods are down then.
     *
     * @param nothingIsMissing the operator's word that backup and topics hold every commit
     * @param progress hears what the service says about it
     * @throws LocalStackException if it is impossible, with the service's own words
     */
    public static void run(StackFolder folder, ServiceProgram program, boolean nothingIsMissing, Progress progress) {
        StackState state = folder.requireState();
        ServiceRestore restore = new ServiceRestore(folder, state, program, progress);
        if (state.isRunning()) {
            restore.run(nothingIsMissing);
            return;
        }
        FileLock lock = folder.lock()
                .orElseThrow(() -> new LocalStackException("Another ./tap is at work on this stack. Wait for it."));
        try {
            restore.run(nothingIsMissing);
        } finally {
            Leftovers.end(folder);
            release(lock);
        }
    }

    private void run(boolean nothingIsMissing) {
        PostgresProcess postgres =
                PostgresProcess.start(folder.postgres(), LoopbackPorts.pick(state.postgresPort()), Durability.FULL);
        KafkaProcess kafka = KafkaProcess.start(folder.kafka(), LoopbackPorts.pick(state.kafkaPort()));
        List<StackState.Pod> pods = state.pods().getOrDefault(program.name(), List.of());
        pods.parallelStream().forEach(pod -> pod.process().stop(STOP_PATIENCE));
        progress.done("the pods of " + program.name() + " are down");
        Path log = folder.logs().resolve(program.name() + "-restore.log");
        long said = size(log);
        Process process =
                DetachedProcess.start(command(), folder.path(), environment(postgres, kafka, nothingIsMissing), log);
        Thread endWithUs = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(endWithUs);
        try {
            follow(process, log, said);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted. Run it again to finish.", e);
        }
        Runtime.getRuntime().removeShutdownHook(endWithUs);
        if (process.exitValue() != 0) {
            throw new LocalStackException(program.name() + " was not restored; " + log + " says:\n" + reason(log));
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.launcher());
        command.addAll(program.options());
        command.add(Leftovers.mark(folder));
        command.addAll(program.command());
        return command;
    }

    private Map<String, String> environment(PostgresProcess postgres, KafkaProcess kafka, boolean nothingIsMissing) {
        String name = program.database();
        ServiceDatabase database = ServiceDatabase.create(
                postgres,
                name,
                state.passwords().getOrDefault(name + "_owner", ""),
                state.passwords().getOrDefault(name + "_service", ""));
        Map<String, String> environment =
                new HashMap<>(ServiceEnvironment.of(state, folder, database, kafka.bootstrap(), 0));
        environment.put("TAP_RESTORE_ENABLED", "true");
        environment.put("TAP_RESTORE_COMPLETE", Boolean.toString(nothingIsMissing));
        environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
        return environment;
    }

    // Passes on what the service says about its work, until it has ended.
    private void follow(Process process, Path log, long from) throws InterruptedException {
        long said = from;
        boolean ended;
        do {
            ended = process.waitFor(100, TimeUnit.MILLISECONDS);
            String text = textFrom(log, said);
            int end = text.lastIndexOf('\n') + 1;
            text.substring(0, end).lines().forEach(line -> {
                int at = line.indexOf(SAYS);
                if (at >= 0) {
                    progress.done(line.substring(at + SAYS.length()));
                }
            });
            said += text.substring(0, end).getBytes(StandardCharsets.UTF_8).length;
        } while (!ended);
    }

    private static String reason(Path log) {
        String tail = DetachedProcess.tail(log, 400);
        return tail.lines()
                .filter(line -> line.contains("RestoreException: "))
                .map(line -> line.substring(line.indexOf("RestoreException: ") + "RestoreException: ".length()))
                .reduce((earlier, later) -> later)
                .orElseGet(() -> DetachedProcess.tail(log, 6));
    }

    private static long size(Path log) {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String textFrom(Path log, long offset) {
        try (var channel = Files.newByteChannel(log)) {
            channel.position(offset);
            return new String(
                    java.nio.channels.Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void release(FileLock lock) {
        try {
            lock.channel().close();
        } catch (IOException endsWithThisProcessAnyway) {
            // Nothing to do: the system releases it.
        }
    }
}
