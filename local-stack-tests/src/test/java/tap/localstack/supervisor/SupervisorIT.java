package tap.localstack.supervisor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.LoopbackPorts;
import tap.localstack.infrastructure.RunningProcess;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SupervisorIT {
    // Of one stack, as a user has it: what a folder has to have is made once.
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    private final List<Process> started = new ArrayList<>();
    private int port;

    @BeforeEach
    void choosePort() {
        port = LoopbackPorts.pick();
    }

    @AfterEach
    void end() throws IOException {
        started.forEach(Process::destroyForcibly);
        StackStop.stop(folder());
        Files.deleteIfExists(directory.resolve("network.json"));
    }

    @Test
    void ends_everything_on_ctrl_c_and_finds_its_data_again() throws Exception {
        Process first = up(1);
        StackState state = folder().requireState();
        Set<Long> processes = processes();
        assertThat(processes).hasSize(5);
        assertThat(state.users()).hasSize(5);
        assertThat(Files.getPosixFilePermissions(directory.resolve("stack.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        sql("CREATE TABLE kept AS SELECT 42 AS answer");

        interrupt(first);

        assertThat(first.waitFor(90, SECONDS)).isTrue();
        assertThat(processes).noneMatch(SupervisorIT::isAlive);
        assertThat(folder().requireState().isRunning()).isFalse();

        up(1);
        assertThat(sql("SELECT answer FROM kept")).isEqualTo("42");
        StackState again = folder().requireState();
        assertThat(again.users()).isEqualTo(state.users());
        assertThat(again.developmentIssuer()).isEqualTo(state.developmentIssuer());
        assertThat(again.passwords()).isEqualTo(state.passwords());
    }

    @Test
    void a_killed_supervisors_processes_end_with_the_next_start_and_with_down() throws Exception {
        Process killed = up(1);
        Set<Long> left = processes();
        killed.destroyForcibly().waitFor();
        assertThat(left).allMatch(SupervisorIT::isAlive);

        Process second = up(1);

        assertThat(left).noneMatch(SupervisorIT::isAlive);
        Set<Long> again = processes();
        second.destroyForcibly().waitFor();
        assertThat(StackStop.stop(folder())).isTrue();
        assertThat(again).noneMatch(SupervisorIT::isAlive);
        assertThat(StackStop.stop(folder())).isFalse();
    }

    @Test
    void a_killed_pod_stays_down_while_others_answer_and_comes_back_when_asked() throws Exception {
        up(2);
        long victim = pid(firstPassPod(status()).pid());
        assertThat(answeringPids("/v1.0/users/u")).hasSize(2);

        kill(victim);
        await().until(() -> !isAlive(victim));

        assertThat(answeringPids("/v1.0/users/u")).hasSize(1).doesNotContain(victim);
        StackStatus.Pod down = firstPassPod(status());
        assertThat(down.pid()).isNull();

        startMissing();

        StackStatus.Pod back = firstPassPod(status());
        assertThat(back.url()).isEqualTo(down.url());
        assertThat(back.pid()).isNotNull().isNotEqualTo(victim);
        assertThat(answeringPids("/v1.0/users/u")).hasSize(2).contains(back.pid());
    }

    @Test
    void kafka_and_postgresql_come_back_on_their_ports_when_asked() throws Exception {
        up(1);
        StackStatus before = status();
        kill(pid(before.kafka().pid()));
        kill(pid(before.postgres().pid()));
        await().until(() -> status().kafka().pid() == null);
        await().until(() -> status().postgres().pid() == null);

        startMissing();

        StackStatus after = status();
        assertThat(after.kafka().bootstrap()).isEqualTo(before.kafka().bootstrap());
        assertThat(after.kafka().pid()).isNotNull().isNotEqualTo(before.kafka().pid());
        assertThat(after.postgres().jdbc()).isEqualTo(before.postgres().jdbc());
        assertThat(after.postgres().pid())
                .isNotNull()
                .isNotEqualTo(before.postgres().pid());
        assertThat(after.services()).isEqualTo(before.services());
    }

    @Test
    void pods_look_for_the_servers_where_somebody_stands_in_between() throws Exception {
        Network network = Network.pick();
        network.write(folder());
        up(1);

        JsonObject pod = answer("/v1.0/users/u");
        assertThat(pod.getString("database"))
                .isEqualTo("postgresql://127.0.0.1:" + network.postgresPort() + "/tap_pass");
        assertThat(pod.getString("kafka"))
                .isEqualTo("127.0.0.1:" + network.kafka().proxyPort());
        assertThat(LoopbackPorts.answers(network.kafka().port())).isTrue();
        assertThat(status().kafka().bootstrap()).isNotEqualTo(pod.getString("kafka"));
        assertThat(sql("SELECT 42")).as("we go past it").isEqualTo("42");
    }

    @Test
    void a_taken_port_is_named_and_nothing_is_started(@TempDir Path fresh) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = other.getLocalPort();
            Path log = fresh.resolve("up.out");

            assertThat(launch(fresh, 1, log).waitFor(90, SECONDS)).isTrue();

            assertThat(Files.readString(log))
                    .contains("REFUSED Port " + port + " is taken by another program.")
                    .contains("--port");
            assertThat(fresh.resolve("postgres")).doesNotExist();
        }
    }

    private Process up(int pods) throws Exception {
        Path log = directory.resolve("up-" + port + "-" + started.size() + ".out");
        Process process = launch(directory, pods, log);
        await().atMost(180, SECONDS)
                .until(() -> !process.isAlive() || Files.readString(log).contains("READY"));
        assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
        return process;
    }

    private Process launch(Path data, int pods, Path log) throws IOException {
        // A build that runs in the background ignores SIGINT, and its children inherit that; a person's shell does not.
        ProcessBuilder builder = new ProcessBuilder(
                        "env",
                        "--default-signal=INT",
                        JavaCommand.launcher(),
                        "-cp",
                        JavaCommand.classPath(),
                        SmallStack.class.getName(),
                        data.toString(),
                        Integer.toString(port),
                        Integer.toString(pods))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private void startMissing() throws Exception {
        StackState state = folder().requireState();
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + state.controlPort()))
                .header("Authorization", "Bearer " + state.controlToken())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private Set<Long> answeringPids(String path) throws Exception {
        Set<Long> pids = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            pids.add(answer(path).getLong("pid"));
        }
        return pids;
    }

    private JsonObject answer(String path) throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private String sql(String sql) throws Exception {
        String url = status().postgres().jdbc().getOrDefault("pass-service", "");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet rows = statement.getResultSet()) {
                assertThat(rows.next()).isTrue();
                return rows.getString(1);
            }
        }
    }

    private Set<Long> processes() {
        StackStatus status = status();
        Set<Long> pids = new HashSet<>();
        Stream.concat(
                        status.services().values().stream()
                                .flatMap(List::stream)
                                .map(StackStatus.Pod::pid),
                        Stream.of(status.kafka().pid(), status.postgres().pid()))
                .forEach(pids::add);
        assertThat(pids).doesNotContainNull();
        return pids;
    }

    private static StackStatus status() {
        return StackStatus.of(folder(), folder().requireState());
    }

    private static StackStatus.Pod firstPassPod(StackStatus status) {
        return status.services().getOrDefault("pass-service", List.of()).getFirst();
    }

    private static long pid(@Nullable Long running) {
        assertThat(running).isNotNull();
        return Objects.requireNonNull(running);
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static void interrupt(Process process) throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    private static boolean isAlive(Long pid) {
        return RunningProcess.find(pid).isPresent();
    }

    private static StackFolder folder() {
        return StackFolder.at(directory);
    }
}
