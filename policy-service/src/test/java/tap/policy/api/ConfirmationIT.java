package tap.policy.api;

import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tap.testkit.infrastructure.ServiceTestResource;

import static org.hamcrest.Matchers.equalTo;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.patching;
import static tap.policy.api.Callers.scim;

/** When the answer has been given, it is true; what could not be confirmed in time says so. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class ConfirmationIT {
    @Test
    void a_change_that_nobody_follows_is_pending_until_somebody_does() {
        administrator().delete(TAP).then().statusCode(204);
        FollowersOfTests.whileAway(() -> {
            patching("{\"defaultLength\":13}").patch(TAP).then().statusCode(202).header("Tap-Confirmation", "pending");
            administrator().get(TAP).then().body("defaultLength", equalTo(13));
            patching("{\"defaultLength\":13}").patch(TAP).then().statusCode(202).header("Tap-Confirmation", "pending");
            patching("{}").patch(TAP).then().statusCode(204);
            administrator().delete(TAP).then().statusCode(202);
            scim("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + UUID.randomUUID()
                            + "\"}")
                    .post("/scim/v2/Users")
                    .then()
                    .statusCode(201)
                    .header("Tap-Confirmation", "pending");
        });
        Awaitility.await()
                .untilAsserted(() ->
                        administrator().delete(TAP).then().statusCode(204).header("Tap-Confirmation", "confirmed"));
    }
}
