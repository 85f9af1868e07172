package tap.localstack.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.contract.ContractJson;
import tap.localstack.identity.AdministratorRole;
import tap.localstack.infrastructure.RunningProcess;
import tap.localstack.supervisor.StackSettings;
import tap.localstack.supervisor.StackState;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.localstack.cli.CommandLineTool.tap;

class CommandsIT {
    private static final String USER = "01a20879-6c43-7c74-a3ef-a3a2866026de";

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path directory;

    private String data = "";

    @BeforeEach
    void folder() {
        data = directory.resolve("stack").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "token", "parked", "unpark pass-service --all"})
    void what_needs_a_stack_says_how_to_start_one(String command) {
        CommandLineTool refused = tap((command + " --data " + data).split(" "));

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .startsWith("tap: No stack ")
                .contains("./tap up")
                .hasLineCount(1);
    }

    @Test
    void unpark_wants_to_know_what() {
        assertThat(tap("unpark", "--all", "--data", data).err())
                .contains("SERVICE")
                .hasLineCount(1);
        for (String[] what : new String[][] {{}, {"--all", "--stream", "a"}}) {
            String[] arguments = Stream.concat(Stream.of("unpark", "pass-service", "--data", data), Stream.of(what))
                    .toArray(String[]::new);
            CommandLineTool refused = tap(arguments);
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err()).contains("--stream").contains("--all").hasLineCount(1);
        }
    }

    @Test
    void restore_needs_a_service_and_a_stack() {
        assertThat(tap("restore", "--data", data).exitCode()).isEqualTo(2);
        CommandLineTool refused = tap("restore", "redemption-service", "--data", data);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).startsWith("tap: No stack has been started").hasLineCount(1);
        assertThat(tap("restore", "--help").out()).contains("--complete").contains("SERVICE");
    }

    @Test
    void down_without_a_stack_is_done_already() {
        CommandLineTool done = tap("down", "--data", data);

        assertThat(done.exitCode()).isZero();
        assertThat(done.out()).startsWith("Nothing runs on ");
    }

    @Test
    void reset_without_a_terminal_wants_to_be_told_that_it_may() throws Exception {
        write(state(null));

        CommandLineTool refused = tap("reset", "--data", data);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("Nothing was deleted")
                .contains("--yes")
                .hasLineCount(1);
        assertThat(Path.of(data, "stack.json")).exists();

        assertThat(tap("reset", "--yes", "--data", data).exitCode()).isZero();
        assertThat(Path.of(data)).doesNotExist();
    }

    @Test
    void reset_deletes_nothing_that_it_did_not_write() throws Exception {
        write(state(null));
        Path mine = Files.writeString(Path.of(data, "mine.txt"), "mine");

        assertThat(tap("reset", "--yes", "--data", data).exitCode()).isZero();

        assertThat(mine).exists();
        assertThat(Path.of(data, "stack.json")).doesNotExist();
    }

    @Test
    void other_settings_on_a_running_stack_are_refused() throws Exception {
        // This very JVM stands for the supervisor: the refusal comes before it is asked for anything.
        write(state(RunningProcess.of(ProcessHandle.current())));

        for (String[] other : new String[][] {{"--port", "9090"}, {"--pods", "2"}}) {
            CommandLineTool refused = tap("up", "--data", data, other[0], other[1]);
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("runs with --port 8080 --pods 1")
                    .contains("./tap down")
                    .hasLineCount(1);
        }
    }

    @Test
    void values_out_of_range_are_refused() {
        assertThat(tap("up", "--data", data, "--port", "70000").err()).contains("1 to 65535");
        assertThat(tap("up", "--data", data, "--pods", "0").err()).contains("Choose 1 to 9");
        assertThat(tap("up", "--data", data, "--pods", "many").exitCode()).isEqualTo(2);
        assertThat(tap("up", "--what").err()).startsWith("tap: Unknown option").hasLineCount(1);
    }

    @Test
    void a_token_of_a_role_acts_as_its_user_with_every_permission() throws Exception {
        write(state(null));

        JWTClaimsSet claims = token("--role", "global reader");

        assertThat(claims.getStringClaim("oid")).isEqualTo("id of Global Reader");
        assertThat(claims.getStringListClaim("wids")).containsExactly(AdministratorRole.GLOBAL_READER.templateId());
        assertThat(claims.getStringClaim("scp"))
                .contains("Policy.ReadWrite.AuthenticationMethod")
                .contains("Tap.Audit.Read.All");
        assertThat(claims.getAudience()).containsExactly("tap");
        assertThat(claims.getIssuer()).isEqualTo("http://127.0.0.1:4711");
        assertThat(claims.getClaim("roles")).isNull();
    }

    @Test
    void a_token_without_options_is_an_authentication_administrators() throws Exception {
        write(state(null));

        assertThat(token().getStringListClaim("wids"))
                .containsExactly(AdministratorRole.AUTHENTICATION_ADMINISTRATOR.templateId());
    }

    @Test
    void a_token_of_a_user_has_no_role_unless_it_is_asked_for() throws Exception {
        write(state(null));

        assertThat(token("--user", USER).getClaim("wids")).isNull();
        JWTClaimsSet both = token("--user", USER, "--role", "Global Administrator", "--scope", "Policy.Read.All");
        assertThat(both.getStringClaim("oid")).isEqualTo(USER);
        assertThat(both.getStringListClaim("wids"))
                .containsExactly(AdministratorRole.GLOBAL_ADMINISTRATOR.templateId());
        assertThat(both.getStringClaim("scp")).isEqualTo("Policy.Read.All");
    }

    @Test
    void a_token_of_an_application_has_roles_and_nobody_behind_it() throws Exception {
        write(state(null));

        JWTClaimsSet claims = token("--app", "--scope", "Tap.Directory.ReadWrite.All Policy.Read.All");

        assertThat(claims.getStringListClaim("roles"))
                .containsExactly("Tap.Directory.ReadWrite.All", "Policy.Read.All");
        assertThat(claims.getStringClaim("idtyp")).isEqualTo("app");
        assertThat(claims.getClaim("scp")).isNull();
        assertThat(claims.getClaim("oid")).isNull();
        assertThat(tap("token", "--app", "--user", USER, "--data", data).exitCode())
                .isEqualTo(1);
    }

    @Test
    void an_unknown_role_is_answered_with_those_that_exist() throws Exception {
        write(state(null));

        CommandLineTool refused = tap("token", "--role", "King", "--data", data);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err())
                .contains("There is no role \"King\"")
                .contains("Global Reader")
                .hasLineCount(1);
    }

    @Test
    void an_unknown_log_is_answered_with_those_that_exist() throws Exception {
        Files.createDirectories(Path.of(data, "logs"));
        Files.writeString(Path.of(data, "logs", "pass-service-0.log"), "said\n");
        Files.writeString(Path.of(data, "logs", "pass-service-1.log"), "said too\n");

        assertThat(tap("logs", "pass-service", "--data", data).out())
                .isEqualToNormalizingNewlines("pass-service-0 | said\npass-service-1 | said too\n");
        assertThat(tap("logs", "pass-service-1", "--data", data).out()).isEqualToNormalizingNewlines("said too\n");
        CommandLineTool refused = tap("logs", "pass", "--data", data);
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("pass-service-0, pass-service-1").hasLineCount(1);
    }

    private JWTClaimsSet token(String... options) throws Exception {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "token";
        arguments[1] = "--data";
        arguments[2] = data;
        System.arraycopy(options, 0, arguments, 3, options.length);
        CommandLineTool printed = tap(arguments);
        assertThat(printed.exitCode()).as(printed.err()).isZero();
        return SignedJWT.parse(printed.out().strip()).getJWTClaimsSet();
    }

    private void write(StackState state) throws Exception {
        Files.createDirectories(Path.of(data));
        Files.writeString(Path.of(data, "stack.json"), ContractJson.mapper().writeValueAsString(state));
    }

    private static StackState state(@Nullable RunningProcess supervisor) {
        return new StackState(
                new StackSettings(8080, 1),
                supervisor,
                supervisor != null,
                1,
                "",
                4711,
                0,
                0,
                Map.of(),
                Map.of("pass-service", List.of()),
                Map.of(
                        "Global Reader", "id of Global Reader",
                        "Authentication Administrator", "id of Authentication Administrator"));
    }
}
