package tap.pass.api;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.TokenRevokedV1;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class PassResourceIT {
    private static final String NOT_ALLOWED = "Converged UserCredentialPolicy does not allow creating or updating this"
            + " authentication method. AuthMethodType [TemporaryAccessPass].";

    @BeforeEach
    void policy() {
        Surroundings.policy(true, false);
    }

    @Test
    void an_issued_pass_is_usable_shows_its_code_once_and_nothing_caches_it() {
        UUID user = user();
        JsonPath issued = posting("{}")
                .post(passes(user))
                .then()
                .statusCode(201)
                .contentType(ContentType.JSON)
                .header("Tap-Confirmation", "confirmed")
                .header("Cache-Control", containsString("no-store"))
                .body(
                        "'@odata.context'",
                        endsWith("/v1.0/$metadata#users('" + user
                                + "')/authentication/temporaryAccessPassMethods/$entity"))
                .body("temporaryAccessPass", matchesPattern("[0-9A-HJKMNP-TV-Z]{10}"))
                .body("isUsable", equalTo(true))
                .body("methodUsabilityReason", equalTo("EnabledByPolicy"))
                .body("lifetimeInMinutes", equalTo(60))
                .body("isUsableOnce", equalTo(false))
                .body("createdDateTime", matchesPattern("2\\d{3}-.*Z"))
                .body("maximumUses", nullValue())
                .body("usageCount", equalTo(0))
                .body("lastUsedDateTime", nullValue())
                .extract()
                .jsonPath();
        assertThat(issued.getString("startDateTime")).isEqualTo(issued.getString("createdDateTime"));
        Map<String, Object> expected = new java.util.HashMap<>(issued.getMap(""));
        expected.put("temporaryAccessPass", null);
        assertThat(administrator()
                        .get(passes(user) + "/" + issued.getString("id"))
                        .then()
                        .statusCode(200)
                        .extract()
                        .<Map<String, Object>>path(""))
                .isEqualTo(expected);
        expected.remove("@odata.context");
        assertThat(administrator()
                        .get(passes(user))
                        .then()
                        .statusCode(200)
                        .body(
                                "'@odata.context'",
                                endsWith("/v1.0/$metadata#users('" + user
                                        + "')/authentication/temporaryAccessPassMethods"))
                        .extract()
                        .<List<Map<String, Object>>>path("value"))
                .isEqualTo(List.of(expected));
    }

    private static Response repeatable(UUID user, String key, String body) {
        return posting(body).header("Idempotency-Key", key).post(passes(user));
    }

    @Test
    void a_repeated_request_issues_no_second_pass_and_does_not_show_the_code_again() {
        UUID user = user();
        String key = UUID.randomUUID().toString();
        String id = repeatable(user, key, "{\"lifetimeInMinutes\":90}")
                .then()
                .statusCode(201)
                .header("Idempotent-Replay", nullValue())
                .body("temporaryAccessPass", notNullValue())
                .extract()
                .path("id");
        // the same, however it is written
        for (String again : List.of(key, "\"" + key + "\"")) {
            repeatable(user, again, "{\"startDateTime\":null, \"lifetimeInMinutes\": 90}")
                    .then()
                    .statusCode(200)
                    .header("Idempotent-Replay", "true")
                    .header("Tap-Confirmation", "confirmed")
                    .body("id", equalTo(id))
                    .body("temporaryAccessPass", nullValue())
                    .body("isUsable", equalTo(true));
        }
        repeatable(user, key, "{\"lifetimeInMinutes\":91}")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("conflict"))
                .body("error.message", containsString("Idempotency-Key"));
        administrator().get(passes(user)).then().body("value.id", contains(id));
    }

    @Test
    void what_a_key_has_issued_is_known_for_a_day_also_when_it_is_gone() {
        UUID user = user();
        String key = UUID.randomUUID().toString();
        String first =
                repeatable(user, key, "{}").then().statusCode(201).extract().path("id");
        String second = posting("{}")
                .post(passes(user))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        repeatable(user, key, "{}")
                .then()
                .statusCode(200)
                .body("id", equalTo(first))
                .body("isUsable", equalTo(false))
                .body("methodUsabilityReason", equalTo("DisabledByPolicy"));
        administrator().get(passes(user)).then().body("value.id", contains(second));
        aDayPasses(user);
        repeatable(user, key, "{\"lifetimeInMinutes\":91}").then().statusCode(201);
    }

    private static void aDayPasses(UUID user) {
        try (TestDatabase database = ServiceTestResource.database();
                Connection service = database.connectAsService();
                Statement statement = service.createStatement()) {
            statement.executeUpdate("UPDATE issue_request SET created_at = created_at - interval '24 hours'"
                    + " WHERE user_id = '" + user + "'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_key_is_the_callers_and_the_users_own() {
        UUID one = user();
        UUID other = user();
        String key = UUID.randomUUID().toString();
        String first =
                repeatable(one, key, "{}").then().statusCode(201).extract().path("id");
        repeatable(other, key, "{}").then().statusCode(201);
        with(TestTokens.application().permissions("UserAuthMethod-TAP.ReadWrite.All"))
                .contentType(ContentType.JSON)
                .body("{}")
                .header("Idempotency-Key", key)
                .post(passes(one))
                .then()
                .statusCode(201)
                .body("id", not(equalTo(first)));
    }

    @Test
    void a_request_that_was_refused_has_not_used_its_key() {
        UUID user = user();
        String key = UUID.randomUUID().toString();
        repeatable(user, key, "{\"lifetimeInMinutes\":1}").then().statusCode(400);
        String id = repeatable(user, key, "{\"lifetimeInMinutes\":90}")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        repeatable(user, key, "{\"lifetimeInMinutes\":90}")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));
        repeatable(user, key, "{\"lifetimeInMinutes\":1}").then().statusCode(409);
    }

    @Test
    void of_many_repetitions_at_the_same_moment_one_issues() throws Exception {
        for (int round = 0; round < 5; round++) {
            UUID user = user();
            String key = UUID.randomUUID().toString();
            List<Callable<Integer>> all =
                    Collections.nCopies(8, () -> repeatable(user, key, "{}").statusCode());
            List<Integer> statuses = new ArrayList<>();
            try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
                for (Future<Integer> done : clients.invokeAll(all)) {
                    statuses.add(done.get());
                }
            }
            assertThat(statuses).containsOnly(200, 201).containsOnlyOnce(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "\u00e9", "\"open"})
    void what_can_be_no_key_is_refused(String key) {
        repeatable(user(), key, "{}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("1 to 255 visible characters"));
        repeatable(user(), "k".repeat(256), "{}").then().statusCode(400);
        posting("{}")
                .header("Idempotency-Key", "one", "two")
                .post(passes(user()))
                .then()
                .statusCode(400);
    }

    @ParameterizedTest
    @CsvSource({
        "/beta/users/%s/authentication/temporaryAccessPassMethods, 1",
        "/v1.0/users/%s/authentication/temporaryAccessPassMethods?$top=1&$select=id, 1",
        "/v1.0/users('%s')/authentication/temporaryAccessPassMethods, 1",
        "/v1.0/users/%s/authentication/temporaryAccessPassMethods/, 1",
        "/v1.0/users(%%27%s%%27)/authentication/temporaryAccessPassMethods, 1",
        "/v1.0/users/%s/authentication/methods, 1"
    })
    void it_is_listed_wherever_graph_lists_it(String path, int size) {
        UUID user = user();
        posting("{}").post(passes(user)).then().statusCode(201);
        administrator()
                .get(path.formatted(user))
                .then()
                .statusCode(200)
                .body("value", hasSize(size))
                .body("value[0].isUsable", equalTo(true));
        administrator()
                .get(passes(user) + "/$count")
                .then()
                .statusCode(200)
                .contentType(ContentType.TEXT)
                .body(equalTo("1"));
    }

    @Test
    void methods_say_their_type() {
        UUID user = user();
        administrator()
                .get("/v1.0/users/" + user + "/authentication/methods")
                .then()
                .statusCode(200)
                .body("value", empty());
        String id = posting("{}")
                .post(passes(user))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String type = "#microsoft.graph.temporaryAccessPassAuthenticationMethod";
        String methods = "/v1.0/users/" + user + "/authentication/methods";
        administrator().get(methods).then().body("value[0].'@odata.type'", equalTo(type));
        administrator().get(methods + "/$count").then().statusCode(200).body(equalTo("1"));
        administrator()
                .get(methods + "/" + id)
                .then()
                .statusCode(200)
                .body("'@odata.type'", equalTo(type))
                .body("'@odata.context'", endsWith("/authentication/methods/$entity"))
                .body("id", equalTo(id));
        administrator().get(methods + "/" + UUID.randomUUID()).then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s@example.org", "%S@EXAMPLE.ORG", "%s%%40example.org"})
    void a_user_is_found_by_name(String form) {
        String name = "ada-" + UUID.randomUUID();
        UUID userId = user(name);
        String key = form.formatted(name);
        posting("{}")
                .post(passes(key))
                .then()
                .statusCode(201)
                .body(
                        "'@odata.context'",
                        endsWith("#users('" + key.replace("@", "%40")
                                + "')/authentication/temporaryAccessPassMethods/$entity"));
        administrator().get(passes(userId)).then().body("value", hasSize(1));
    }

    @Test
    void a_new_pass_replaces_the_old() {
        UUID user = user();
        String first = posting("{}").post(passes(user)).path("id");
        String second = posting("{}")
                .post(passes(user))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertThat(second).isNotEqualTo(first);
        administrator().get(passes(user)).then().body("value.id", equalTo(List.of(second)));
        noPass(user, first);
    }

    @Test
    void what_is_asked_for_is_issued() {
        UUID user = user();
        Instant start = Instant.now().plusSeconds(3_600).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        posting("{\"@odata.type\":\"#microsoft.graph.temporaryAccessPassAuthenticationMethod\",\"startDateTime\":\""
                        + start + "\",\"lifetimeInMinutes\":480,\"isUsableOnce\":null,\"maximumUses\":3}")
                .post(passes(user))
                .then()
                .statusCode(201)
                .header("Tap-Confirmation", "confirmed")
                .body("startDateTime", equalTo(start.toString()))
                .body("lifetimeInMinutes", equalTo(480))
                .body("isUsableOnce", equalTo(false))
                .body("maximumUses", equalTo(3))
                .body("isUsable", equalTo(false))
                .body("methodUsabilityReason", equalTo("NotYetValid"));
    }

    @Test
    void uses_are_shown_as_they_happen() {
        UUID user = user();
        UUID pass = UUID.fromString(
                posting("{\"isUsableOnce\":true}").post(passes(user)).path("id"));
        Instant used = Instant.parse("2026-03-01T08:00:00.123456Z");
        UUID token = UUID.randomUUID();
        OtherServices.redemptionService(
                pass, user, "pass-redeemed.v1", new PassRedeemedV1(user, pass, 1, 1, "demo", token, used));
        // of no use here, but it must not hold up what comes behind it
        OtherServices.redemptionService(
                pass, user, "token-revoked.v1", new TokenRevokedV1(user, pass, "demo", token, used));
        OtherServices.redemptionService(pass, user, "pass-spent.v1", new PassSpentV1(user, pass, 1, used));
        Surroundings.await(
                "SELECT count(*) FROM allowance_copy WHERE spent_at IS NOT NULL AND pass_id = '" + pass + "'");
        administrator()
                .get(passes(user) + "/" + pass)
                .then()
                .body("isUsable", equalTo(false))
                .body("methodUsabilityReason", equalTo("OneTimeUsed"))
                .body("usageCount", equalTo(1))
                .body("maximumUses", equalTo(1))
                .body("lastUsedDateTime", equalTo(used.toString()));
    }

    @Test
    void usability_follows_the_policy_of_the_moment() {
        UUID user = user();
        posting("{}").post(passes(user)).then().statusCode(201).body("isUsable", equalTo(true));
        Surroundings.policy(false, false);
        disabled(user);
        Surroundings.policy(true, true);
        disabled(user);
        Surroundings.policy(true, false);
        administrator().get(passes(user)).then().body("value[0].methodUsabilityReason", equalTo("EnabledByPolicy"));
    }

    @Test
    void deleting_is_final_and_confirmed() {
        UUID user = user();
        String pass = posting("{}").post(passes(user)).path("id");
        administrator()
                .delete(passes(user) + "/" + pass.toUpperCase(java.util.Locale.ROOT))
                .then()
                .statusCode(204)
                .header("Tap-Confirmation", "confirmed");
        administrator().get(passes(user)).then().body("value", empty());
        noPass(user, pass);
        administrator().delete(passes(user) + "/" + pass).then().statusCode(404);
    }

    @Test
    void what_nobody_confirms_in_time_says_so_and_comes_true_later() {
        UUID user = user();
        OtherServices.whileRedemptionIsAway(() -> {
            String pass = posting("{}")
                    .post(passes(user))
                    .then()
                    .statusCode(201)
                    .header("Tap-Confirmation", "pending")
                    .body("isUsable", equalTo(false))
                    .body("methodUsabilityReason", equalTo("NotYetValid"))
                    .body("temporaryAccessPass", matchesPattern("[0-9A-HJKMNP-TV-Z]{10}"))
                    .extract()
                    .path("id");
            for (int time = 0; time < 2; time++) {
                administrator()
                        .delete(passes(user) + "/" + pass)
                        .then()
                        .statusCode(202)
                        .header("Tap-Confirmation", "pending");
                disabled(user);
            }
        });
        Surroundings.await(
                "SELECT count(*) FROM allowance_copy WHERE withdrawn_at IS NOT NULL AND user_id = '" + user + "'");
        administrator().get(passes(user)).then().body("value", empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"lifetimeInMinutes\":29}|Invalid LifetimeInMinutes specified. The valid range between 30 and 480.",
                "{\"lifetimeInMinutes\":481}|Invalid LifetimeInMinutes specified. The valid range between 30 and 480.",
                "{\"startDateTime\":\"2020-01-01T00:00:00Z\"}|Invalid StartDateTime specified. It can not be a time in the past.",
                "{\"startDateTime\":\"2199-01-01 00:00:00\"}|Invalid StartDateTime specified. It can be at most 30 days ahead.",
                "{\"maximumUses\":0}|Invalid MaximumUses specified. The valid range between 1 and 1000.",
                "{\"maximumUses\":2,\"isUsableOnce\":true}|Invalid MaximumUses specified. 2 contradicts IsUsableOnce true."
            })
    void what_the_rules_do_not_allow_is_refused_in_their_words(String body, String message) {
        UUID user = user();
        posting(body)
                .post(passes(user))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", equalTo(message));
        administrator().get(passes(user)).then().body("value", empty());
    }

    @Test
    void several_uses_under_a_one_time_policy_are_refused() {
        UUID user = user();
        Surroundings.policy(true, true);
        posting("{\"isUsableOnce\":false}")
                .post(passes(user))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body(
                        "error.message",
                        equalTo(
                                "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary access"
                                        + " pass method."));
        posting("{}").post(passes(user)).then().statusCode(201).body("isUsableOnce", equalTo(true));
    }

    @Test
    void a_disabled_policy_and_a_user_out_of_scope_are_refused_alike_and_told_apart_inside() {
        UUID user = user();
        Surroundings.policy(false, false);
        posting("{}")
                .post(passes(user))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", equalTo(NOT_ALLOWED))
                .body("error.innerError.message", equalTo("The policy is disabled."));
        Surroundings.policy(true, false, 10, List.of(), List.of());
        posting("{}")
                .post(passes(user))
                .then()
                .statusCode(400)
                .body("error.message", equalTo(NOT_ALLOWED))
                .body("error.innerError.message", containsString("does not include the user"));
    }

    @Test
    void an_external_guest_is_refused_and_an_internal_one_is_not() {
        UUID external = Surroundings.user("externalGuest", List.of(), List.of());
        posting("{}")
                .post(passes(external))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", equalTo("Temporary Access Pass cannot be added to an external guest user."));
        UUID internal = Surroundings.user("internalGuest", List.of(), List.of());
        posting("{}").post(passes(internal)).then().statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody@example.org", "0190b3f2-0000-7000-8000-00000000ffff", "%D0%B0", "a%2Fb", "x'y"})
    void nobody_has_no_passes(String key) {
        String decoded = java.net.URLDecoder.decode(key, java.nio.charset.StandardCharsets.UTF_8);
        String message = "Resource '" + decoded
                + "' does not exist or one of its queried reference-property objects are not present.";
        posting("{}")
                .post(passes(key))
                .then()
                .statusCode(404)
                .body("error.code", equalTo("Request_ResourceNotFound"))
                .body("error.message", equalTo(message));
        administrator()
                .get(passes(key))
                .then()
                .statusCode(404)
                .body("error.code", equalTo("Request_ResourceNotFound"))
                .body("error.message", equalTo(message));
        administrator()
                .delete(passes(key) + "/" + UUID.randomUUID())
                .then()
                .statusCode(404)
                .body("error.code", equalTo("Request_ResourceNotFound"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0190b3f2-0000-7000-8000-00000000ffff", "nonsense"})
    void a_pass_that_is_not_there_is_not_found(String pass) {
        UUID user = user();
        noPass(user, pass);
        administrator()
                .delete(passes(user) + "/" + pass)
                .then()
                .statusCode(404)
                .body("error.code", equalTo("resourceNotFound"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|Unable to read",
                "[]|",
                "{\"lifetimeInMinutes\":\"60\"}|lifetimeInMinutes",
                "{\"lifetimeInMinutes\":60.5}|lifetimeInMinutes",
                "{\"lifetimeInMinutes\":99999999999}|lifetimeInMinutes",
                "{\"isUsableOnce\":\"yes\"}|isUsableOnce",
                "{\"startDateTime\":\"tomorrow\"}|startDateTime",
                "{\"startDateTime\":12}|startDateTime",
                "{\"maximumUses\":true}|maximumUses",
                "{\"lifetime\":60}|lifetime",
                "{\"@odata.type\":\"#microsoft.graph.fido2AuthenticationMethod\"}|@odata.type"
            })
    void malformed_requests_are_named(String body, @org.jspecify.annotations.Nullable String named) {
        posting(body)
                .post(passes(user()))
                .then()
                .statusCode(400)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", containsString(named == null ? "" : named));
    }

    @Test
    void methods_paths_and_media_types_that_are_not_served_answer_in_the_envelope() {
        UUID user = user();
        posting("{}")
                .patch(passes(user) + "/" + UUID.randomUUID())
                .then()
                .statusCode(405)
                .body("error.code", equalTo("notAllowed"));
        posting("{}")
                .post("/v1.0/me/authentication/temporaryAccessPassMethods")
                .then()
                .statusCode(405);
        administrator().get("/v1.0/nowhere").then().statusCode(404).body("error.code", equalTo("resourceNotFound"));
        administrator()
                .contentType("text/plain")
                .body("{}")
                .post(passes(user))
                .then()
                .statusCode(415)
                .body("error.code", equalTo("notSupported"));
        posting("{\"x\":\"" + "x".repeat(300_000) + "\"}")
                .post(passes(user))
                .then()
                .statusCode(413)
                .body("error.code", equalTo("requestTooLarge"));
    }

    private static void noPass(UUID user, String pass) {
        administrator()
                .get(passes(user) + "/" + pass)
                .then()
                .statusCode(404)
                .body("error.code", equalTo("resourceNotFound"))
                .body("error.message", containsString(pass));
    }

    private static void disabled(UUID user) {
        administrator()
                .get(passes(user))
                .then()
                .body("value[0].isUsable", equalTo(false))
                .body("value[0].methodUsabilityReason", equalTo("DisabledByPolicy"));
    }
}
