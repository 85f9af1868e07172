package tap.endtoend;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

/** A pod of a newer build has written: the packaged services of this build read, publish, apply and go on. */
class UpgradeIT {
    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();

    @Test
    void an_added_member_and_another_form_of_head_are_no_reason_to_stop() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
        String name = "upgrade-" + UUID.randomUUID() + "@example.com";
        String user = administrator.user(name);
        Response issued = administrator.issue(name, Map.of("isUsableOnce", false));
        issued.then().statusCode(201);

        assertThat(stack.execute("tap_pass", appendedByANewerBuild(user, issued.path("id"))))
                .isOne();
        await("the revocation to be effective")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> administrator.get(name, issued.path("id")).then().statusCode(404));
        signIn.redeem(name, issued.path("temporaryAccessPass")).then().statusCode(400);

        Response next = administrator.issue(name, Map.of("isUsableOnce", true));
        next.then().statusCode(201);
        await("the next pass to be usable")
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> administrator.get(name, next.path("id")).then().body("isUsable", equalTo(true)));
        signIn.redeem(name, next.path("temporaryAccessPass")).then().statusCode(200);
        for (String database : List.of("tap_policy", "tap_pass", "tap_redemption")) {
            assertThat(stack.execute(database, "SELECT count(*) FROM parked WHERE partition_key = '" + user + "'"))
                    .as(database)
                    .isZero();
        }
        try (PublicEvents events = stack.events()) {
            assertThat(events.about(
                            user,
                            event -> event.type().equals("tap.pass-revoked.v1")
                                    && event.topic().equals("tap.passes")))
                    .as("published as the newer build wrote it")
                    .anyMatch(event -> event.payload().contains("OPS-7"));
        }
    }

    // What the append of a build would do that gives revocations a ticket and keeps heads in another form.
    private static String appendedByANewerBuild(String user, String pass) {
        return """
            WITH moved AS (
              UPDATE head SET version = version + 1, state_version = state_version + 1, last_event_at = tap_now(),
                state = state || jsonb_build_object('is', 'Revoked', 'reason', 'DELETED', 'revokedAt', tap_now(),
                  'ticket', 'OPS-7')
               WHERE stream_id = '%1$s' RETURNING stream_id, version, partition_key, last_event_at)
            INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor, correlation_id, payload)
            SELECT stream_id, version, uuidv7(), 'pass-revoked.v1', partition_key, last_event_at, 'newer-build', 'upgrade',
              json_build_object('userId', '%1$s', 'passId', '%2$s', 'reason', 'deleted', 'revokedAt',
                to_char(last_event_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'ticket',
                json_build_object('id', 'OPS-7', 'links', json_build_array('a', 'b')))
              FROM moved""".formatted(user, pass);
    }
}
