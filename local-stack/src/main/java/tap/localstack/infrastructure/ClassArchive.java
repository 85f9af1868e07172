package tap.localstack.infrastructure;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The classes of one program as its JVM holds them (AppCDS), which its first run that ends in order leaves for all later ones of
 * this user, whatever folder they run on: a third of the time to start. Kept in the cache folder, under what the program's class
 * path is; the JVM ignores an archive that does not fit. Made and used unless the environment says {@code TAP_CLASS_ARCHIVES=none}:
 * what is killed after seconds, as in tests, never earns what an archive costs.
 *
 * @param kept where later runs find it
 * @param left where a run leaves it, until {@link #keep} is called for its folder
 * @param classPath the files that the classes come from
 */
public record ClassArchive(Path kept, Path left, List<Path> classPath) {
    private static final Duration LIFE = Duration.ofDays(30);

    /**
     * The archive of a program that runs on a folder.
     *
     * @param program its name
     * @param classPath the files that the classes come from
     * @param folder where it runs; what it leaves is kept by {@link #keep} of the same folder
     */
    public static ClassArchive of(String program, List<Path> classPath, Path folder) {
        String key =
                program + "-" + checksum(System.getProperty("java.vm.version") + JavaCommand.launcher() + classPath);
        return new ClassArchive(
                home().resolve(key + ".jsa"), home().resolve(key + suffix(folder)), List.copyOf(classPath));
    }

    /** Options with which a JVM loads its classes from the archive, if there is one that is not older than they. */
    public List<String> use() {
        return isWanted() && isFresh()
                // At the address it was made for: relocated, every page of it would be this process's own memory.
                ? List.of(
                        "-XX:SharedArchiveFile=" + kept,
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:ArchiveRelocationMode=0",
                        "-Xlog:disable")
                : List.of();
    }

    /**
     * As {@link #use}; where there is none, options with which the JVM leaves one when it ends. {@code --enable-native-access} beside
     * them would cost most of the gain: it makes the JVM build its module graph anew.
     */
    public List<String> useOrMake() {
        // Of classes in folders the JVM makes no archive.
        boolean canBeMade =
                isWanted() && !classPath.isEmpty() && classPath.stream().allMatch(Files::isRegularFile);
        return canBeMade && !isFresh() ? List.of("-XX:ArchiveClassesAtExit=" + left, "-Xlog:disable") : use();
    }

    /** Keeps what the programs of a folder have left; called when they have ended. */
    public static void keep(Path folder) {
        String suffix = suffix(folder);
        for (Path archive : archives()) {
            String name = archive.getFileName().toString();
            try {
                if (name.endsWith(suffix) && isWhole(archive)) {
                    Files.move(
                            archive,
                            archive.resolveSibling(name.replace(suffix, ".jsa")),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                } else if (isOld(archive)) {
                    Files.deleteIfExists(archive);
                }
            } catch (NoSuchFileException keptByAnother) {
                // A stack that ended at the same time has moved or deleted it.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static boolean isWanted() {
        return !"none".equals(System.getenv("TAP_CLASS_ARCHIVES"));
    }

    private boolean isFresh() {
        try {
            FileTime made = Files.getLastModifiedTime(kept);
            for (Path file : classPath) {
                if (Files.getLastModifiedTime(file).compareTo(made) > 0) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException notMadeYet) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JVM writes the head of an archive last: one that was killed before has left nothing there. */
    private static boolean isWhole(Path archive) throws IOException {
        try (DataInputStream file = new DataInputStream(Files.newInputStream(archive))) {
            return Files.size(archive) > Integer.BYTES && file.readInt() != 0;
        }
    }

    private static boolean isOld(Path archive) throws IOException {
        return Files.getLastModifiedTime(archive)
                .toInstant()
                .isBefore(Instant.now().minus(LIFE));
    }

    private static List<Path> archives() {
        try (Stream<Path> files = Files.list(home())) {
            return files.sorted(Comparator.naturalOrder()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path home() {
        try {
            return Files.createDirectories(CacheFolder.get().resolve("classes"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String suffix(Path folder) {
        return "." + checksum(folder.toAbsolutePath().normalize().toString()) + ".left";
    }

    private static String checksum(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
