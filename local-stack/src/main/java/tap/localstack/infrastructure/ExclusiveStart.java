package tap.localstack.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Supplier;

/** One start at a time per directory, across threads and JVMs, so that racing starters share one server. */
final class ExclusiveStart {
    private static final Object IN_THIS_JVM = new Object();

    private ExclusiveStart() {}

    static <T> T in(Path directory, Supplier<T> start) {
        synchronized (IN_THIS_JVM) {
            try {
                Files.createDirectories(directory);
                try (FileChannel channel = FileChannel.open(
                                directory.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (!lock.isValid()) {
                        throw new IllegalStateException("lock lost on " + directory);
                    }
                    return start.get();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
