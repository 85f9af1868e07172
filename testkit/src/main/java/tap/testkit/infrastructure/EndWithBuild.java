package tap.testkit.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import tap.localstack.infrastructure.DetachedProcess;
import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.infrastructure.SecretFile;

/**
 * A small JVM that waits for a build's process to end, however it ends, then ends the servers that the build shared and
 * deletes their folder.
 */
final class EndWithBuild {
    static final String POSTGRES = "postgres";
    static final String KAFKA = "kafka";

    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private EndWithBuild() {}

    /** Whether this folder belongs to this owner and somebody watches over it. */
    static boolean watches(Path folder, RunningProcess owner) {
        Properties recorded = new Properties();
        try (var reader = Files.newBufferedReader(record(folder))) {
            recorded.load(reader);
        } catch (IOException neverStarted) {
            return false;
        }
        RunningProcess watched = process(recorded.getProperty("owner"), recorded.getProperty("ownerStartedAt"));
        RunningProcess watcher = process(recorded.getProperty("watcher"), recorded.getProperty("watcherStartedAt"));
        return watched.pid() == owner.pid() && watched.isAlive() && watcher.isAlive();
    }

    /** Starts the watcher of this folder; returns when it runs. */
    static void start(Path folder, RunningProcess owner) throws IOException {
        // A file, because a class path of hundreds of jars is longer than some systems take as an argument.
        Path classPath = folder.resolve("class-path");
        Files.writeString(classPath, "-cp\n\"" + JavaCommand.classPath() + "\"\n");
        Process started = DetachedProcess.start(
                List.of(
                        JavaCommand.launcher(),
                        "-Xmx24m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "@" + classPath,
                        EndWithBuild.class.getName(),
                        folder.toString(),
                        Long.toString(owner.pid()),
                        text(owner.startedAt())),
                folder,
                Map.of(),
                folder.resolve("end-with-build.log"));
        RunningProcess watcher = RunningProcess.of(started.toHandle());
        SecretFile.write(
                record(folder),
                "owner=" + owner.pid() + "\nownerStartedAt=" + text(owner.startedAt()) + "\nwatcher=" + watcher.pid()
                        + "\nwatcherStartedAt=" + text(watcher.startedAt()) + "\n");
    }

    /** Ends the servers of this folder and deletes it. */
    static void end(Path folder) throws IOException {
        KafkaProcess.attach(folder.resolve(KAFKA)).ifPresent(KafkaProcess::kill);
        PostgresProcess.attach(folder.resolve(POSTGRES)).ifPresent(PostgresProcess::stop);
        Directories.delete(folder);
    }

    /**
     * Watches.
     *
     * @param arguments the folder, the owner's process id, when that started or nothing
     */
    static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        RunningProcess owner = process(arguments[1], arguments[2]);
        while (owner.isAlive()) {
            Thread.sleep(LOOK_EVERY);
        }
        end(folder);
        Files.deleteIfExists(folder.resolveSibling(folder.getFileName() + ".lock"));
    }

    private static Path record(Path folder) {
        return folder.resolve("watched.properties");
    }

    private static RunningProcess process(String pid, String startedAt) {
        return new RunningProcess(Long.parseLong(pid), startedAt.isEmpty() ? null : Instant.parse(startedAt));
    }

    private static String text(@org.jspecify.annotations.Nullable Instant startedAt) {
        return startedAt == null ? "" : startedAt.toString();
    }
}
