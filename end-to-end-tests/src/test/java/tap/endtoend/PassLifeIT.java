package tap.endtoend;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.testkit.faults.SkewedClock;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

/** A pass that is not yet valid, expired, deleted, replaced: it does not sign in, and says why. */
class PassLifeIT {
    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();
    private final SkewedClock passClock = stack.clock("tap_pass");
    private final SkewedClock redemptionClock = stack.clock("tap_redemption");
    private final String name = "life-" + UUID.randomUUID() + "@example.com";

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
        administrator.user(name);
    }

    @AfterEach
    void leaveTheClockAsItWas() {
        passClock.toTrue();
        redemptionClock.toTrue();
    }

    @Test
    void not_yet_valid() {
        Response issued = issue(
                Map.of("startDateTime", Instant.now().plus(1, ChronoUnit.HOURS).toString(), "lifetimeInMinutes", 60));
        issued.then().body("isUsable", equalTo(false)).body("methodUsabilityReason", equalTo("NotYetValid"));
        refused(issued);
    }

    @Test
    void expired() {
        Response issued = issue(Map.of("lifetimeInMinutes", 60));
        redemptionClock.advance(Duration.ofMinutes(61));
        passClock.advance(Duration.ofMinutes(61));
        refused(issued);
        administrator
                .get(name, issued.path("id"))
                .then()
                .statusCode(200)
                .body("methodUsabilityReason", equalTo("Expired"));
        String user = issued.path("id");
        try (PublicEvents events = stack.events()) {
            await("expiry as a fact").atMost(Duration.ofSeconds(20)).until(() -> {
                events.poll();
                return events.all().stream()
                        .anyMatch(event -> event.type().equals("tap.pass-expired.v1")
                                && event.event().getSubject().equals(user));
            });
        }
    }

    @Test
    void deleted() {
        Response issued = issue(Map.of());
        administrator.delete(name, issued.path("id")).then().statusCode(204);
        refused(issued);
        administrator
                .get(name, issued.path("id"))
                .then()
                .statusCode(404)
                .body("error.code", equalTo("resourceNotFound"));
        administrator.delete(name, issued.path("id")).then().statusCode(404);
        administrator.list(name).then().statusCode(200).body("value", hasSize(0));
    }

    @Test
    void replaced() {
        Response first = issue(Map.of());
        Response second = issue(Map.of());
        refused(first);
        administrator
                .list(name)
                .then()
                .statusCode(200)
                .body("value", hasSize(1))
                .body("value[0].id", equalTo(second.path("id")));
        redeem(second).then().statusCode(200);
    }

    @Test
    void disabled_by_policy() {
        Response issued = issue(Map.of());
        administrator.configure(Map.of("state", "disabled")).then().statusCode(204);
        refused(issued);
        administrator.get(name, issued.path("id")).then().body("methodUsabilityReason", equalTo("DisabledByPolicy"));
        administrator
                .issue(name, Map.of())
                .then()
                .statusCode(400)
                .body(
                        "error.message",
                        equalTo("Converged UserCredentialPolicy does not allow creating or updating this authentication"
                                + " method. AuthMethodType [TemporaryAccessPass]."));
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
        redeem(issued).then().statusCode(200);
    }

    @Test
    void for_the_members_of_a_nested_group_as_long_as_they_are_members() {
        String user = administrator.user("nested-" + name);
        String inner = administrator.group("inner " + name, user);
        String outer = administrator.group("outer " + name, inner);
        administrator
                .configure(Map.of("includeTargets", List.of(Map.of("targetType", "group", "id", outer))))
                .then()
                .statusCode(204);
        try {
            administrator.issue(name, Map.of()).then().statusCode(400);
            Response issued = administrator.issue(user, Map.of());
            issued.then().statusCode(201).body("isUsable", equalTo(true));
            administrator.leave(inner, user).then().statusCode(200).header("Tap-Confirmation", "confirmed");
            signIn.redeem(user, issued.path("temporaryAccessPass")).then().statusCode(400);
            administrator
                    .get(user, issued.path("id"))
                    .then()
                    .body("methodUsabilityReason", equalTo("DisabledByPolicy"));
        } finally {
            administrator
                    .configure(Map.of("includeTargets", List.of(Map.of("targetType", "group", "id", "all_users"))))
                    .then()
                    .statusCode(204);
        }
    }

    private Response issue(Map<String, ?> members) {
        Response issued = administrator.issue(name, members);
        issued.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        return issued;
    }

    private Response redeem(Response issued) {
        return signIn.redeem(name, issued.path("temporaryAccessPass"));
    }

    private void refused(Response issued) {
        redeem(issued).then().statusCode(400).body("error", equalTo("invalid_grant"));
    }
}
