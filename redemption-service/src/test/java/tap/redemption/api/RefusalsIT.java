package tap.redemption.api;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tap.graph.access.AdministratorRole;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.application.UserLookup;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalsIT {
    private static final String WRONG = "00000000";
    private static final String READ = "UserAuthMethod-TAP.Read.All";
    private static final String WRITE = "UserAuthMethod-TAP.ReadWrite.All";

    @Inject
    UserLookup users;

    private final TokenEndpoint tokens = new TokenEndpoint();
    private Upstream upstream;
    private UUID administrator;

    @BeforeAll
    void connect() {
        upstream = new Upstream();
        upstream.configure(Upstream.policy(true, false, List.of()));
        administrator = user();
    }

    @AfterAll
    void disconnect() {
        upstream.close();
    }

    private UUID user() {
        return upstream.user(UUID.randomUUID() + "@example.com");
    }

    private TestTokens administrator(String role) {
        return TestTokens.delegated(administrator.toString()).roles(role);
    }

    private static ValidatableResponse refusals(Object user, TestTokens token) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + token.sign())
                .get("/v1.0/redemptions/users/{user}/refusals", user)
                .then();
    }

    private static ValidatableResponse clear(Object user, TestTokens token) {
        return RestAssured.given()
                .header("Authorization", "Bearer " + token.sign())
                .delete("/beta/redemptions/users/{user}/throttle", user)
                .then();
    }

    private void awaitRefusals(UUID userId, int howMany) {
        upstream.await("SELECT count(*)::text FROM refusal WHERE user_id = '" + userId + "'", "" + howMany);
    }

    @Test
    void an_administrator_reads_why_a_user_was_refused() {
        String name = UUID.randomUUID() + "@example.com";
        UUID userId = upstream.user(name);
        assertThat(tokens.redeem(name, WRONG).status()).isEqualTo(400);
        Issued issued = upstream.issue(userId).admitted();
        assertThat(tokens.redeem(name, "0".repeat(23)).status()).isEqualTo(400);
        assertThat(tokens.redeem(name, issued.code()).status()).isEqualTo(200);
        String requestId = tokens.redeem(name, issued.code()).header("request-id");
        awaitRefusals(userId, 3);

        refusals(name, administrator(TestTokens.GLOBAL_READER).permissions(READ))
                .statusCode(200)
                .body("'@odata.context'", startsWith("http"))
                .body("value.reason", contains("spent", "wrongCode", "noPass"))
                .body("value[0].id", equalTo(requestId))
                .body("value[0].clientId", equalTo("demo"))
                .body(
                        "value.passId",
                        contains(issued.passId().toString(), issued.passId().toString(), null))
                .body("value.createdDateTime", everyItem(matchesPattern("20\\d\\d-.*Z")));
    }

    @Test
    void the_newest_20_are_kept_and_being_throttled_takes_the_place_of_one() {
        UUID userId = user();
        for (int i = 0; i < 25; i++) {
            assertThat(tokens.redeem(userId.toString(), "0".repeat(23)).status())
                    .isEqualTo(400);
        }
        for (int i = 0; i < 10; i++) {
            assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(400);
        }
        awaitRefusals(userId, 20);
        for (int i = 0; i < 3; i++) {
            String requestId = tokens.redeem(userId.toString(), WRONG).header("request-id");
            upstream.await(
                    "SELECT (SELECT count(*) FROM refusal WHERE user_id = r.user_id) || ' ' || reason FROM refusal r"
                            + " WHERE request_id = '" + requestId + "'",
                    "20 throttled");
        }
        refusals(userId, TestTokens.application().permissions(READ))
                .statusCode(200)
                .body("value", hasSize(20))
                .body("value.reason.count { it == 'throttled' }", equalTo(1))
                .body("value[0].reason", equalTo("throttled"));
    }

    @Test
    void of_a_name_that_nobody_has_nothing_is_kept() {
        UUID known = user();
        String nobody = "nobody-" + UUID.randomUUID() + "@example.com";
        String ofShort = tokens.redeem(nobody, WRONG).header("request-id");
        String ofLong = tokens.redeem(nobody, "0".repeat(23)).header("request-id");
        // noted after them, so that they would have been written too
        assertThat(tokens.redeem(known.toString(), WRONG).status()).isEqualTo(400);
        awaitRefusals(known, 1);
        assertThat(upstream.rows(
                        "SELECT count(*)::text FROM refusal WHERE request_id IN ('" + ofShort + "', '" + ofLong + "')"))
                .containsExactly("0");
        refusals(nobody, administrator(TestTokens.GLOBAL_READER).permissions(READ))
                .statusCode(404)
                .body("error.code", equalTo("Request_ResourceNotFound"));
    }

    @Test
    void whoever_may_read_the_pass_or_the_audit_may_read_refusals() {
        UUID userId = user();
        refusals(userId, administrator(TestTokens.AUTHENTICATION_ADMINISTRATOR).permissions(READ))
                .statusCode(200)
                .body("value", hasSize(0));
        refusals(userId, administrator(TestTokens.GLOBAL_READER).permissions("Tap.Audit.Read.All"))
                .statusCode(200);
        refusals(userId, TestTokens.delegated(userId.toString()).permissions("UserAuthMethod-TAP.Read"))
                .statusCode(200);
        refusals(userId, TestTokens.delegated(user().toString()).permissions(READ))
                .statusCode(403)
                .body("error.code", equalTo("accessDenied"));
        refusals(userId, administrator(TestTokens.AUTHENTICATION_ADMINISTRATOR).permissions("Tap.Audit.Read.All"))
                .statusCode(403);
        refusals(userId, TestTokens.application().permissions(READ).expired()).statusCode(401);
        RestAssured.get("/v1.0/redemptions/users/" + userId + "/refusals")
                .then()
                .statusCode(401)
                .body("error.code", equalTo("InvalidAuthenticationToken"))
                .header("WWW-Authenticate", containsString("Bearer"));
    }

    @Test
    void whoever_may_issue_a_pass_may_clear_waits_but_not_what_counts_towards_a_lock() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(5).admitted();
        for (int i = 0; i < 9; i++) {
            assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(400);
        }
        upstream.rows(
                "UPDATE guessing SET failures = failures || failures[1] WHERE key = '" + userId + "' RETURNING key");
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(429);

        clear(userId, administrator(TestTokens.GLOBAL_READER).permissions(WRITE))
                .statusCode(403);
        clear(userId, administrator(TestTokens.AUTHENTICATION_ADMINISTRATOR).permissions(READ))
                .statusCode(403);
        clear(userId, TestTokens.delegated(userId.toString()).permissions(WRITE).roles(TestTokens.GLOBAL_ADMINISTRATOR))
                .statusCode(403)
                .body("error.innerError.message", containsString("clear the waits"));
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(429);

        clear(userId, administrator(TestTokens.AUTHENTICATION_ADMINISTRATOR).permissions(WRITE))
                .statusCode(204);
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
        assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(400);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> upstream.history(issued.passId()).contains("pass-locked.v1"));
        clear(userId, administrator(TestTokens.AUTHENTICATION_ADMINISTRATOR).permissions(WRITE))
                .statusCode(204);
        assertThat(tokens.redeem(userId.toString(), issued.code()).error()).isEqualTo("invalid_grant");
    }

    @Test
    void whoever_calls_has_the_roles_that_the_directory_says_as_long_as_they_may_sign_in() {
        UUID caller = user();
        upstream.change(caller, true, List.of(TestTokens.GLOBAL_READER));
        assertThat(rolesInDirectory(caller)).containsExactly(AdministratorRole.GLOBAL_READER);
        upstream.change(caller, false, List.of(TestTokens.GLOBAL_READER));
        assertThat(rolesInDirectory(caller)).isEmpty();
        assertThat(rolesInDirectory(UUID.randomUUID())).isEmpty();
    }

    private Set<AdministratorRole> rolesInDirectory(UUID caller) {
        return users.find(administrator.toString(), caller.toString())
                .await()
                .atMost(Duration.ofSeconds(10))
                .callerRoles();
    }

    @Test
    void clearing_the_waits_of_nobody_is_404() {
        clear(UUID.randomUUID(), administrator(TestTokens.GLOBAL_ADMINISTRATOR).permissions(WRITE))
                .statusCode(404);
        clear(UUID.randomUUID(), TestTokens.application().permissions(WRITE)).statusCode(404);
    }

    @Test
    void a_bearer_token_on_the_token_endpoint_is_not_told_to_the_provider() {
        RestAssured.given()
                .header("Authorization", "Bearer nonsense")
                .contentType("application/x-www-form-urlencoded")
                .body(TokenEndpoint.encoded(TokenEndpoint.form(UUID.randomUUID().toString(), "0".repeat(23))))
                .post("/oauth2/token")
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"));
    }

    @Test
    void other_paths_are_answered_in_graphs_form() {
        RestAssured.given()
                .header("Authorization", "Bearer " + TestTokens.application().sign())
                .get("/v1.0/redemptions")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("resourceNotFound"));
    }
}
