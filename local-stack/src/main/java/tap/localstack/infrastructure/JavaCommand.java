package tap.localstack.infrastructure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** How child JVMs are started: by the JDK that runs us, from the class path that we were given. */
public final class JavaCommand {
    // Bindings of other logging systems, which Quarkus brings on to the class path of its tests: Kafka logs through
    // log4j2.
    private static final List<String> OTHER_LOGGING = List.of(
            "slf4j-jboss-logmanager", "log4j2-jboss-logmanager", "log4j-to-slf4j", "logback-classic", "slf4j-simple");

    private JavaCommand() {}

    /** The {@code java} launcher of this JDK. */
    public static String launcher() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** This JVM's class path, in absolute form. */
    public static String classPath() {
        return join(entries());
    }

    /** Where this JVM's class path begins: our own classes. */
    public static Path firstEntry() {
        return Path.of(entries().findFirst().orElseThrow());
    }

    /** The jars alone, without bindings of other logging systems: all that Kafka needs, and what can be archived. */
    static String classPathForKafka() {
        return join(entries()
                .filter(entry -> Files.isRegularFile(Path.of(entry)))
                .filter(entry -> OTHER_LOGGING.stream().noneMatch(fileName(entry)::startsWith)));
    }

    /**
     * Options with which a JVM loads its classes from an archive (AppCDS) that an earlier run of the same program has left, and
     * leaves one when it ends if there is none that fits. {@code --enable-native-access} beside them would cost most of the gain: it
     * makes the JVM build its module graph anew.
     *
     * @param archive where; one program each
     * @param madeFrom what the program's class path begins with: the JVM would ignore, and keep, an archive older than that
     */
    public static List<String> archivedClasses(Path archive, Path madeFrom) {
        deleteIfOlder(archive, madeFrom);
        return List.of(
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + archive,
                // At the address it was made for: relocated, every page of it would be this process's own memory.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
                // That an archive no longer fits, and is made anew, is nothing to tell.
                "-Xlog:disable");
    }

    private static void deleteIfOlder(Path archive, Path madeFrom) {
        try {
            if (Files.exists(archive)
                    && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(madeFrom)) < 0) {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fileName(String entry) {
        return String.valueOf(Path.of(entry).getFileName());
    }

    private static Stream<String> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .map(entry -> Path.of(entry).toAbsolutePath().toString());
    }

    private static String join(Stream<String> entries) {
        return String.join(File.pathSeparator, entries.toList());
    }
}
