package tap.policy.api;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.with;
import static tap.policy.api.ProvisioningClientOfTests.newSecret;
import static tap.policy.api.ProvisioningClientOfTests.oldSecret;
import static tap.policy.api.ProvisioningClientOfTests.presenting;
import static tap.policy.api.ProvisioningClientOfTests.sha256;

/** Provisioning by a static secret (ADR 0013), beside tokens. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
@QuarkusTestResource(ProvisioningClientOfTests.class)
class ScimSecretIT {
    private static final String USERS = "/scim/v2/Users";

    @Test
    void either_of_two_secrets_provisions_and_both_are_the_same_opaque_actor() throws Exception {
        String byOld = created(oldSecret());
        String byNew = created(newSecret());
        presenting(newSecret()).get(USERS + "/" + byOld).then().statusCode(200);
        presenting(oldSecret()).delete(USERS + "/" + byNew).then().statusCode(204);
        String actor = actorOf(byOld);
        assertThat(actor).isEqualTo(actorOf(byNew)).doesNotContain("tests");
        assertThat(UUID.fromString(actor)).hasToString(actor);
    }

    @Test
    void the_scheme_is_read_in_any_case() {
        RestAssured.given()
                .header("Authorization", "bearer " + oldSecret())
                .get("/scim/v2/ServiceProviderConfig")
                .then()
                .statusCode(200);
    }

    @Test
    void a_secret_opens_the_directory_alone() {
        unauthenticated(presenting(oldSecret()).get(TAP).then());
        unauthenticated(presenting(oldSecret()).delete(TAP).then());
        unauthenticated(presenting(oldSecret())
                .get("/beta" + TAP.substring("/v1.0".length()))
                .then());
        // ".." leads out of /scim before anybody is known
        unauthenticated(RestAssured.given()
                .urlEncodingEnabled(false)
                .header("Authorization", "Bearer " + oldSecret())
                .get("/scim/.." + TAP)
                .then());
    }

    @Test
    void what_is_no_valid_secret_is_answered_as_a_bad_token() {
        for (String wrong :
                new String[] {oldSecret() + "x", oldSecret().substring(1), sha256(oldSecret()), "x".repeat(600), "tests"
                }) {
            unauthenticated(presenting(wrong).get(USERS).then())
                    .contentType("application/scim+json")
                    .body("status", equalTo("401"))
                    .body("detail", equalTo("Access token validation failure."));
        }
        RestAssured.given()
                .header("Authorization", "Basic " + oldSecret())
                .get(USERS)
                .then()
                .statusCode(401);
    }

    @Test
    void tokens_are_taken_as_before() {
        administrator().get(USERS).then().statusCode(200);
        with(TestTokens.application().permissions("Tap.Directory.ReadWrite.All"))
                .get(USERS)
                .then()
                .statusCode(200);
        with(TestTokens.application().permissions("Policy.Read.All"))
                .get(USERS)
                .then()
                .statusCode(403);
        unauthenticated(with(TestTokens.application()
                        .permissions("Tap.Directory.ReadWrite.All")
                        .expired())
                .get(USERS)
                .then());
    }

    private static String created(String secret) {
        return presenting(secret)
                .contentType("application/scim+json")
                .body("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"ada-"
                        + UUID.randomUUID() + "\"}")
                .post(USERS)
                .then()
                .statusCode(201)
                .header("Tap-Confirmation", "confirmed")
                .extract()
                .path("id");
    }

    private static ValidatableResponse unauthenticated(ValidatableResponse response) {
        return response.statusCode(401).header("WWW-Authenticate", startsWith("Bearer error=\"invalid_token\""));
    }

    private static String actorOf(String userId) throws Exception {
        try (Connection database = ServiceTestResource.database().connectAsOwner();
                PreparedStatement query =
                        database.prepareStatement("SELECT DISTINCT actor FROM event WHERE stream_id = ?")) {
            query.setString(1, userId);
            try (ResultSet row = query.executeQuery()) {
                assertThat(row.next()).isTrue();
                String actor = row.getString(1);
                assertThat(row.next()).isFalse();
                return actor;
            }
        }
    }
}
