package tap.testkit.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

import tap.localstack.infrastructure.Durability;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.ProxiedListener;
import tap.localstack.infrastructure.RunningProcess;

/**
 * One PostgreSQL and one Kafka for all test JVMs of a Maven build. The first test that needs one starts it; the others
 * find it through a folder named after Maven's process id; {@link EndWithBuild} ends both when that process is gone. A test
 * that stops or kills a server starts one of its own instead.
 */
public final class SharedServers {
    private static final String MAVEN = "org.codehaus.plexus.classworlds.launcher.Launcher";

    private final RunningProcess owner;
    private final Path folder;

    private SharedServers(RunningProcess owner, Path folder) {
        this.owner = owner;
        this.folder = folder;
    }

    /** The servers of the build that this JVM belongs to; outside of Maven, of this JVM. */
    public static SharedServers ofThisBuild() {
        ProcessHandle self = ProcessHandle.current();
        return ofOwner(
                RunningProcess.of(Stream.iterate(self, handle -> handle.parent().orElseThrow())
                        .takeWhile(handle -> handle.parent().isPresent())
                        .filter(SharedServers::isMaven)
                        .findFirst()
                        .orElse(self)));
    }

    /** The servers that live as long as this process. */
    static SharedServers ofOwner(RunningProcess owner) {
        String name = "tap-tests-" + System.getProperty("user.name") + "-" + owner.pid();
        return new SharedServers(owner, Path.of(System.getProperty("java.io.tmpdir"), name));
    }

    /** The build's PostgreSQL; its commits are not flushed to the disk. */
    public PostgresProcess postgres() {
        prepare();
        return PostgresProcess.start(folder.resolve(EndWithBuild.POSTGRES), 0, Durability.NONE);
    }

    /** The build's Kafka, with a listener for who comes through a proxy. */
    public KafkaProcess kafka() {
        prepare();
        return KafkaProcess.start(folder.resolve(EndWithBuild.KAFKA), 0, ProxiedListener.pick());
    }

    /** A folder that the build's JVMs share and that goes with it. */
    public Path folder() {
        prepare();
        return folder;
    }

    // The lock is beside the folder, because the folder of an earlier process with the same id is deleted under it.
    private void prepare() {
        synchronized (SharedServers.class) {
            try (FileChannel channel = FileChannel.open(
                            folder.resolveSibling(folder.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !EndWithBuild.watches(folder, owner)) {
                    EndWithBuild.end(folder);
                    Files.createDirectories(folder);
                    EndWithBuild.start(folder, owner);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean isMaven(ProcessHandle handle) {
        return handle.info()
                .arguments()
                .map(arguments -> Stream.of(arguments).anyMatch(MAVEN::equals))
                .orElse(false);
    }
}
