package tap.endtoend;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackStatus;
import tap.testkit.faults.ProcessFaults;
import tap.testkit.faults.SkewedClock;

import static io.restassured.RestAssured.given;

/**
 * The product as packaged, driven by its own command line: PostgreSQL, Kafka, two pods of each service, one gateway. One stack
 * serves all tests of a run; each test makes users of its own.
 */
public final class Stack {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    // Not the default of 1 s: pods that were just started again on a busy machine have taken longer for their first
    // change.
    private static final String CONFIRMATION_TIMEOUT = "3s";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int PODS = 2;

    /** The project's folder. */
    static final Path ROOT =
            Path.of(System.getProperty("tap.root", "..")).toAbsolutePath().normalize();

    private static @Nullable Stack running;

    private final Path data;
    private final Path root;
    private final int port;
    // a JVM a command: what does not change is asked once
    private final Map<String, Administrator> administrators = new ConcurrentHashMap<>();

    private Stack(Path data, Path root, int port) {
        this.data = data.toAbsolutePath().normalize();
        this.root = root;
        this.port = port;
    }

    /** The stack, started when first asked for and ended with the JVM. */
    public static synchronized Stack running() {
        Stack stack = running;
        if (stack == null) {
            stack = anew(Path.of("target", "stack"));
            stack.up();
            running = stack;
            Runtime.getRuntime().addShutdownHook(new Thread(running()::down));
        }
        return stack;
    }

    /** A stack of its own on this folder, without what an earlier one has left there; not started yet. */
    public static Stack anew(Path data) {
        return anew(data, ROOT);
    }

    /** As {@link #anew(Path)}, of services that are packaged in another folder than the project's. */
    static Stack anew(Path data, Path root) {
        Stack stack = new Stack(data, root, LoopbackPorts.pick());
        stack.reset();
        return stack;
    }

    /** Starts what is missing. */
    public void up() {
        tap(
                "up",
                "--detach",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString(),
                "--pods",
                Integer.toString(PODS));
    }

    /** Ends everything; the data stays. */
    public void down() {
        tap("down", "--data", data.toString());
    }

    /** Ends everything and deletes the data. */
    public void reset() {
        tap("reset", "--yes", "--data", data.toString());
    }

    /** Where it keeps everything. */
    public Path data() {
        return data;
    }

    /** The processes that it is made of, without a command: as {@link #status}. */
    public StackStatus processes() {
        StackFolder folder = StackFolder.at(data);
        return StackStatus.of(folder, folder.requireState());
    }

    /** Its PostgreSQL, which must be running. */
    public PostgresProcess postgres() {
        return PostgresProcess.attach(data.resolve("postgres")).orElseThrow();
    }

    /** The gateway's URL. */
    public String gateway() {
        return "http://localhost:" + port;
    }

    /** What {@code ./tap status --json} says. */
    JsonNode status() {
        try {
            return JSON.readTree(tap("status", "--json", "--data", data.toString()));
        } catch (IOException e) {
            throw new AssertionError("status --json is no JSON", e);
        }
    }

    /** An administrator with a role. */
    public Administrator administrator(String role) {
        return administrators.computeIfAbsent(
                role,
                named -> new Administrator(
                        gateway(),
                        tap("token", "--role", named, "--data", data.toString()).strip()));
    }

    /** A client for users who sign in. */
    SignIn signIn() {
        return new SignIn(gateway());
    }

    /** A listener on all public topics. */
    PublicEvents events() {
        return new PublicEvents(status().path("kafka").path("bootstrap").asText());
    }

    /** The addresses of a service's pods, past the gateway. */
    List<String> pods(String service) {
        List<String> urls = new ArrayList<>();
        status().path("services")
                .path(service)
                .forEach(pod -> urls.add(pod.path("url").asText()));
        return urls;
    }

    /** Ends every pod of a service as a power cut would, and returns when they are gone. */
    void killService(String service) {
        status().path("services")
                .path(service)
                .forEach(pod -> ProcessFaults.of(pod.path("pid").asLong()).kill());
    }

    /** Ends a pod as a power cut would, and returns when it is gone. */
    void killPod(String service, int index) {
        JsonNode pod = status().path("services").path(service).path(index);
        ProcessFaults.of(pod.path("pid").asLong()).kill();
    }

    /** Ends Kafka as a power cut would, and returns when it is gone. */
    void killKafka() {
        ProcessFaults.of(status().path("kafka").path("pid").asLong()).kill();
    }

    /** A backup of PostgreSQL, made while everything works on. */
    Backup backup() {
        return Backup.of(data.resolve("postgres"), data.resolveSibling("backup"));
    }

    /** Puts a backup in the place of PostgreSQL's data, under the running services, and starts it. */
    void restore(Backup backup) {
        backup.restore(data.resolve("postgres"));
        up();
    }

    /** What the first pod of a service says about its readiness. */
    String readiness(String service) {
        return given().baseUri(pods(service).getFirst()).get("/q/health/ready").asString();
    }

    /** Has a service restored from its topics, and returns what the command says. */
    String restore(String service) {
        return tap("restore", service, "--data", data.toString());
    }

    /** The clock of a service's database, for a test to set. */
    public SkewedClock clock(String database) {
        return SkewedClock.of(postgres(), database);
    }

    /** Runs a statement in a service's database, as PostgreSQL's superuser; how many rows it changed, or the number it returns. */
    long execute(String database, String sql) {
        try (Connection connection = postgres().connect(database);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            ResultSet rows = statement.getResultSet();
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError("cannot execute in " + database + ": " + sql, e);
        }
    }

    /** What a command of {@code ./tap} says, and its exit code. */
    Said says(String... command) {
        String[] arguments = Stream.concat(Stream.of(command), Stream.of("--data", data.toString()))
                .toArray(String[]::new);
        return run(arguments);
    }

    /** What a command said on standard output, and on standard error. */
    record Said(int exitCode, String output, String errors) {}

    private String tap(String... arguments) {
        Said said = run(arguments);
        if (said.exitCode() != 0) {
            throw new AssertionError(
                    "tap " + String.join(" ", arguments) + " failed:\n" + said.output() + said.errors());
        }
        return said.output();
    }

    private Said run(String... arguments) {
        List<String> command = new ArrayList<>(commandLineTool());
        command.addAll(List.of(arguments));
        try {
            Path errors = Files.createTempFile("tap", ".err");
            errors.toFile().deleteOnExit();
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(ROOT.toFile()).redirectError(errors.toFile());
            // a torture issues more in an hour than one administrator may
            builder.environment().putIfAbsent("TAP_ISSUING_LIMIT", "1000000");
            builder.environment().putIfAbsent("TAP_CONFIRMATION_TIMEOUT", CONFIRMATION_TIMEOUT);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("tap " + String.join(" ", arguments) + " does not end:\n" + output);
            }
            Said said = new Said(process.exitValue(), output, Files.readString(errors));
            Files.delete(errors);
            return said;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    // As ./tap starts it, with what the build has packaged.
    private List<String> commandLineTool() {
        Path built = ROOT.resolve("local-stack/target");
        try (Stream<Path> jars = Files.list(built)) {
            String jar = jars.map(Path::toString)
                    .filter(name -> name.matches(".*/local-stack-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow();
            return List.of(
                    JavaCommand.launcher(),
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedArchiveFile=" + ROOT.resolve("end-to-end-tests/target/commands.jsa"),
                    "-Xlog:disable",
                    "-Dtap.root=" + root,
                    "-cp",
                    jar + File.pathSeparator + Files.readString(built.resolve("class-path")),
                    "tap.localstack.Tap");
        } catch (IOException e) {
            throw new AssertionError("local-stack is not packaged", e);
        }
    }
}
