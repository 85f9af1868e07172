package tap.pass.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.execute;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

/** What is not yet confirmed is listed, with its age, until it is. */
@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class PendingIT {
    private static final String PENDING = "/v1.0/pending";
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @BeforeEach
    void policy() {
        Surroundings.policy(true, false);
    }

    @Test
    void what_redemption_service_has_not_answered_is_listed_until_it_has() {
        UUID user = user();
        UUID other = user();
        String replaced = posting("{}").post(passes(other)).path("id");
        awaitPending(user, List.of());
        awaitPending(other, List.of());
        OtherServices.whileRedemptionIsAway(() -> {
            String pass = posting("{}")
                    .post(passes(user))
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id");
            awaitPending(user, List.of("passAdmission " + pass));
            administrator().delete(passes(user) + "/" + pass).then().statusCode(202);
            awaitPending(user, List.of("passAdmission " + pass, "passWithdrawal " + pass));

            String replacement = posting("{}").post(passes(other)).path("id");
            awaitPending(other, List.of("passAdmission " + replacement, "passWithdrawal " + replaced));
            auditor()
                    .get("/beta/pending")
                    .then()
                    .statusCode(200)
                    .contentType(ContentType.JSON)
                    .body("'@odata.context'", matchesPattern("http.*/beta/\\$metadata#pending"))
                    .body("value.sinceDateTime", everyItem(matchesPattern("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z")));
            assertThat(count()).isGreaterThanOrEqualTo(4);
        });
        awaitPending(user, List.of());
        awaitPending(other, List.of());
    }

    @Test
    void the_oldest_thousand_are_listed_all_are_counted_and_the_metrics_say_so() {
        UUID user = user();
        UUID confirmed = UUID.fromString(posting("{}").post(passes(user)).path("id"));
        UUID stranger = UUID.randomUUID();
        try {
            execute("INSERT INTO pending_pass SELECT gen_random_uuid(), 'passAdmission', '" + stranger
                    + "', tap_now() - interval '1 hour' - i * interval '1 s' FROM generate_series(1, 1001) i");
            // as an answer that came while the projection was at its issue, which may be so
            execute("INSERT INTO pending_pass VALUES ('" + confirmed + "', 'passAdmission', '" + user
                    + "', tap_now() - interval '2 hours') ON CONFLICT DO NOTHING");
            auditor()
                    .get(PENDING)
                    .then()
                    .statusCode(200)
                    .body("value", hasSize(1_000))
                    .body("value.userId", everyItem(equalTo(stranger.toString())));
            assertThat(count()).isGreaterThanOrEqualTo(1_001);

            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(metric("tap_pending")).isGreaterThanOrEqualTo(1_001);
                assertThat(metric("tap_pending_age_seconds")).isGreaterThanOrEqualTo(4_601);
                assertThat(Surroundings.number("SELECT count(*) FROM pending_pass WHERE pass_id = '" + confirmed + "'"))
                        .as("what was answered is cleared away")
                        .isZero();
            });
        } finally {
            execute("DELETE FROM pending_pass WHERE user_id = '" + stranger + "'");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Tap.Audit.Read.All, GLOBAL_ADMINISTRATOR, 200",
        "Tap.Audit.Read.All, GLOBAL_READER, 200",
        "Tap.Audit.Read.All, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, 403",
        "Tap.Audit.Read.All, AUTHENTICATION_ADMINISTRATOR, 403",
        "UserAuthenticationMethod.ReadWrite.All, GLOBAL_ADMINISTRATOR, 403"
    })
    void permission_and_role_must_both_allow_it(String permission, String role, int status)
            throws ReflectiveOperationException {
        String template = (String) TestTokens.class.getField(role).get(null);
        for (String path : List.of(PENDING, PENDING + "/$count")) {
            var answered = with(TestTokens.delegated(UUID.randomUUID().toString())
                            .permissions(permission)
                            .roles(template))
                    .get(path)
                    .then()
                    .statusCode(status);
            if (status == 403) {
                answered.contentType(ContentType.JSON)
                        .body("error.code", equalTo("accessDenied"))
                        .body("error.message", equalTo("Request Authorization failed"));
            }
        }
    }

    @Test
    void an_application_needs_the_permission_alone_and_nobody_gets_in_without_a_token() {
        with(TestTokens.application().permissions("Tap.Audit.Read.All"))
                .get(PENDING)
                .then()
                .statusCode(200);
        RestAssured.get(PENDING)
                .then()
                .statusCode(401)
                .contentType(ContentType.JSON)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .body("error.code", equalTo("InvalidAuthenticationToken"));
        auditor().post(PENDING).then().statusCode(405);
    }

    private static void awaitPending(UUID user, List<String> expected) {
        Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
            List<Map<String, String>> items =
                    auditor().get(PENDING).then().statusCode(200).extract().path("value");
            assertThat(items)
                    .filteredOn(item -> user.toString().equals(item.get("userId")))
                    .extracting(item -> item.get("kind") + " " + item.get("id"))
                    .containsExactlyInAnyOrderElementsOf(expected);
        });
    }

    private static long count() {
        return Long.parseLong(auditor()
                .get(PENDING + "/$count")
                .then()
                .statusCode(200)
                .contentType(ContentType.TEXT)
                .extract()
                .asString());
    }

    private static double metric(String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + " ([0-9.E+-]+)$")
                .matcher(RestAssured.get("/q/metrics").asString());
        assertThat(matcher.find()).as(name).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    private static RequestSpecification auditor() {
        return with(TestTokens.delegated(UUID.randomUUID().toString())
                .permissions("Tap.Audit.Read.All")
                .roles(TestTokens.GLOBAL_READER));
    }
}
