package tap.localstack.infrastructure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
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

    /** The files and folders of this JVM's class path. */
    public static List<Path> entries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.isBlank())
                .map(entry -> Path.of(entry).toAbsolutePath())
                .toList();
    }

    /**
     * The jars alone, without what is built here and bindings of other logging systems: all that Kafka needs, and the same after
     * the next build, so that its class archive stays.
     */
    static List<Path> entriesForKafka() {
        return entries().stream()
                .filter(Files::isRegularFile)
                .filter(entry -> !entry.resolveSibling("").endsWith("target"))
                .filter(entry -> OTHER_LOGGING.stream().noneMatch(fileName(entry)::startsWith))
                .toList();
    }

    /** A class path of these entries. */
    static String join(List<Path> entries) {
        return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String fileName(Path entry) {
        return String.valueOf(entry.getFileName());
    }
}
