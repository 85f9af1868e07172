package tap.localstack.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the standard library leaves out about folders. */
public final class Directories {
    private Directories() {}

    /** Deletes a folder and everything in it; one that is not there is deleted already. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    /**
     * Refuses to start on a disk that is about to be full, because PostgreSQL and Kafka fail on it in the middle of their work.
     *
     * @param folder where data will be written; need not exist yet
     * @param bytes how much must be free
     * @throws LocalStackException if less is free, naming the folder and both amounts
     */
    public static void requireRoom(Path folder, long bytes) {
        Path existing = folder.toAbsolutePath();
        for (Path parent = existing; parent != null && !Files.exists(existing); parent = parent.getParent()) {
            existing = parent;
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            if (free < bytes) {
                throw new LocalStackException("No room on the disk: " + folder + " needs " + megabytes(bytes)
                        + " MB free and has " + megabytes(free)
                        + " MB. Free some, or choose another folder with --data.");
            }
        } catch (IOException e) {
            throw new LocalStackException("Cannot read how much room " + folder + " has: " + e.getMessage(), e);
        }
    }

    private static long megabytes(long bytes) {
        return bytes / (1024 * 1024);
    }
}
