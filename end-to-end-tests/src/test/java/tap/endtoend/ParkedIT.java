package tap.endtoend;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** A message that cannot be applied fences its user's pass, and nobody else's, until an operator has it replayed. */
class ParkedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();
    private final String name = "parked-" + UUID.randomUUID() + "@example.com";

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @AfterEach
    void repair() {
        repair("tap_pass");
        repair("tap_redemption");
    }

    @Test
    void what_pass_service_cannot_apply_is_shown_as_disabled_until_it_is_replayed() {
        administrator.user(name);
        Response issued = administrator.issue(name, Map.of("isUsableOnce", false));
        issued.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        String pass = issued.path("id");
        breakStream("tap_pass", pass);
        signIn.redeem(name, issued.path("temporaryAccessPass")).then().statusCode(200);
        awaitReason(pass, "DisabledByPolicy");
        administrator.get(name, pass).then().body("isUsable", equalTo(false));

        assertThat(stack.says("parked").output())
                .contains("pass-service  stream " + pass + "  version 2  pass-redeemed.v1  at tap.redemptions/");
        Stack.Said stays = stack.says("unpark", "pass-service", "--stream", pass);
        assertThat(stays.output()).contains("Applied 0 message(s).").contains("Stays parked: stream " + pass);
        assertThat(stays.exitCode()).isEqualTo(3);
        String other = "other-" + name;
        administrator.user(other);
        administrator.issue(other, Map.of()).then().statusCode(201).header("Tap-Confirmation", "confirmed");

        repair("tap_pass");
        Stack.Said replayed = stack.says("unpark", "pass-service", "--stream", pass);
        assertThat(replayed.output()).contains("Applied 1 message(s).");
        assertThat(replayed.exitCode()).isZero();
        administrator
                .get(name, pass)
                .then()
                .statusCode(200)
                .body("methodUsabilityReason", equalTo("EnabledByPolicy"))
                .body("usageCount", equalTo(1));
        assertThat(stack.says("unpark", "pass-service", "--stream", pass).output())
                .isEqualTo("Nothing of " + pass + " is parked in pass-service.\n");
    }

    @Test
    void a_revocation_that_redemption_service_cannot_apply_lets_nobody_in_and_is_true_once_it_is_replayed() {
        String user = administrator.user(name);
        Response issued = administrator.issue(name, Map.of("isUsableOnce", false));
        issued.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        breakStream("tap_redemption", user);
        administrator.delete(name, issued.path("id")).then().statusCode(202);
        await("the revocation to be parked")
                .atMost(PATIENCE)
                .until(() -> stack.says("parked", "--json").output().contains("\"stream\" : \"" + user + "\""));
        signIn.redeem(name, issued.path("temporaryAccessPass")).then().statusCode(400);
        awaitReason(issued.path("id"), "DisabledByPolicy");

        repair("tap_redemption");
        assertThat(stack.says("unpark", "redemption-service", "--all").exitCode())
                .isZero();
        await("the revocation to be confirmed")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> administrator.get(name, issued.path("id")).then().statusCode(404));
        signIn.redeem(name, issued.path("temporaryAccessPass")).then().statusCode(400);
        assertThat(stack.says("parked").output()).isEqualTo("Nothing is parked.\n");
        // what comes later is applied as ever
        Response next = administrator.issue(name, Map.of());
        next.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        signIn.redeem(name, next.path("temporaryAccessPass")).then().statusCode(200);
    }

    private void awaitReason(String pass, String reason) {
        await(reason)
                .atMost(PATIENCE)
                .untilAsserted(() -> administrator
                        .get(name, pass)
                        .then()
                        .statusCode(200)
                        .body("methodUsabilityReason", equalTo(reason)));
    }

    // Something in the service's surroundings that makes each message of a stream one that never applies.
    private void breakStream(String database, String stream) {
        stack.execute(database, """
                CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'broken for a test' USING ERRCODE = 'data_exception'; END $$;
                CREATE TRIGGER broken BEFORE INSERT ON received FOR EACH ROW WHEN (new.stream_id = '%s')
                  EXECUTE FUNCTION broken()""".formatted(stream));
    }

    private void repair(String database) {
        stack.execute(database, "DROP FUNCTION IF EXISTS broken CASCADE");
    }
}
