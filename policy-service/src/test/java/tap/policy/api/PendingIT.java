package tap.policy.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static tap.policy.api.Callers.GRACE;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.patching;
import static tap.policy.api.Callers.scim;
import static tap.policy.api.Callers.with;

/** Changes that not everybody is known to obey are listed until everybody is. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class PendingIT {
    private static final String PENDING = "/v1.0/policies/pending";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void what_nobody_has_followed_is_listed_until_everybody_has() {
        awaitUntil(items -> assertThat(items).isEmpty());
        FollowersOfTests.whileAway(() -> {
            patching("{\"defaultLength\":" + (20 + (int) (System.nanoTime() % 20)) + ",\"state\":\"enabled\"}")
                    .patch(TAP)
                    .then()
                    .statusCode(202);
            patching("{\"defaultLength\":19}").patch(TAP).then().statusCode(202);
            String user = scim("{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\""
                            + UUID.randomUUID() + "\"}")
                    .post("/scim/v2/Users")
                    .then()
                    .statusCode(201)
                    .header("Tap-Confirmation", "pending")
                    .extract()
                    .path("id");
            awaitUntil(items -> {
                assertThat(items)
                        .extracting(item -> item.get("kind"))
                        .containsExactly("policyChange", "policyChange", "userChange");
                assertThat(items).extracting(item -> item.get("userId")).containsExactly(null, null, user);
                assertThat(items).extracting(item -> item.get("id")).doesNotHaveDuplicates();
            });
            auditor()
                    .get(PENDING + "/$count")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.TEXT)
                    .body(equalTo("3"));
            auditor()
                    .get("/beta/policies/pending")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON)
                    .body("'@odata.context'", matchesPattern("http.*/beta/\\$metadata#policies/pending"))
                    .body("value.sinceDateTime", everyItem(matchesPattern("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")));
        });
        awaitUntil(items -> assertThat(items).isEmpty());
        auditor().get(PENDING + "/$count").then().statusCode(200).body(equalTo("0"));
    }

    @ParameterizedTest
    @CsvSource({
        "Tap.Audit.Read.All, GLOBAL_ADMINISTRATOR, 200",
        "Tap.Audit.Read.All, GLOBAL_READER, 200",
        "Tap.Audit.Read.All, AUTHENTICATION_ADMINISTRATOR, 403",
        "Policy.ReadWrite.AuthenticationMethod, GLOBAL_ADMINISTRATOR, 403"
    })
    void permission_and_role_must_both_allow_it(String permission, String role, int status)
            throws ReflectiveOperationException {
        String template = (String) TestTokens.class.getField(role).get(null);
        for (String path : List.of(PENDING, PENDING + "/$count")) {
            var answered = with(TestTokens.delegated(GRACE)
                            .permissions(permission)
                            .roles(template))
                    .get(path)
                    .then()
                    .statusCode(status);
            if (status == 403) {
                answered.contentType(ContentType.JSON).body("error.code", equalTo("accessDenied"));
            }
        }
    }

    @Test
    void without_a_token_nobody_gets_in() {
        RestAssured.get(PENDING)
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("error.code", equalTo("InvalidAuthenticationToken"));
    }

    private static void awaitUntil(java.util.function.Consumer<List<Map<String, String>>> holds) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> holds.accept(
                        auditor().get(PENDING).then().statusCode(200).extract().path("value")));
    }

    private static RequestSpecification auditor() {
        return with(
                TestTokens.delegated(GRACE).permissions("Tap.Audit.Read.All").roles(TestTokens.GLOBAL_READER));
    }
}
