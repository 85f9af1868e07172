package tap.localstack.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import tap.localstack.infrastructure.LocalStackException;

/**
 * A service as it is started.
 *
 * @param name as in the route table
 * @param command what follows {@code java} and its options: {@code -jar} and a file, or a class path and a class
 * @param options the JVM's options, which keep its resident memory small
 */
public record ServiceProgram(String name, List<String> command, List<String> options) {
    // Argon2id fills 19 MiB for each verification, on as many threads as there are cores.
    private static final int HEAP_MIB = 80;
    private static final int HEAP_WITH_ARGON2_MIB = 144;

    /** The development stack's OAuth client. */
    private static final List<String> DEMO_CLIENT = List.of("-Dtap.clients.demo.type=public");

    /**
     * The three services as the build packages them.
     *
     * @param root the folder of the parent pom
     * @throws LocalStackException if one has not been built
     */
    public static List<ServiceProgram> packaged(Path root) {
        return Stream.of(
                        packaged(root, "policy-service", HEAP_MIB, List.of()),
                        packaged(root, "pass-service", HEAP_WITH_ARGON2_MIB, List.of()),
                        packaged(root, "redemption-service", HEAP_WITH_ARGON2_MIB, DEMO_CLIENT))
                .toList();
    }

    /** The jar that the program comes from; none if it comes from a class path. */
    List<Path> jars() {
        return command.getFirst().equals("-jar") ? List.of(Path.of(command.get(1))) : List.of();
    }

    /** The name of the service's database. */
    public String database() {
        return databaseOf(name);
    }

    static String databaseOf(String service) {
        return "tap_" + service.replace("-service", "").replace('-', '_');
    }

    private static ServiceProgram packaged(Path root, String name, int heapMib, List<String> configuration) {
        Path jar = root.resolve(name).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new LocalStackException(
                    name + " is not built: " + jar + " is missing. Run ./tap up from the project's folder.");
        }
        List<String> options = new ArrayList<>(options(heapMib));
        options.addAll(configuration);
        return new ServiceProgram(name, List.of("-jar", jar.toString()), List.copyOf(options));
    }

    private static List<String> options(int heapMib) {
        return List.of(
                "-Xmx" + heapMib + "m",
                // So little lives that one thread is enough. G1 marked without end in a heap of this size, and its
                // threads waited for each other on busy cores.
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:MaxDirectMemorySize=48m",
                "-Xss512k",
                // Ten times later than by default: a start, and the first minute, leave the cores to those who wait.
                // The inner
                // loops of Argon2 come there in the first verification all the same.
                "-XX:Tier4InvocationThreshold=50000",
                "-XX:Tier4MinInvocationThreshold=6000",
                "-XX:Tier4CompileThreshold=150000",
                "-XX:Tier4BackEdgeThreshold=400000",
                // Gives back, every ten seconds, what the compilers have needed for a moment.
                "-XX:TrimNativeHeapInterval=10000",
                "--sun-misc-unsafe-memory-access=allow");
    }
}
