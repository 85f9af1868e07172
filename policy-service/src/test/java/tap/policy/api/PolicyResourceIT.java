package tap.policy.api;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.StatementCounter;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.patching;

@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class PolicyResourceIT {
    private static final String COLLECTION =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations";

    @BeforeEach
    void defaults() {
        administrator().delete(TAP).then().statusCode(204);
    }

    @Test
    void nobody_configured_anything_so_the_defaults_hold() {
        administrator()
                .get(TAP)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body(
                        "",
                        equalTo(Map.ofEntries(
                                Map.entry(
                                        "@odata.context",
                                        administrator().get(TAP).path("'@odata.context'")),
                                Map.entry(
                                        "@odata.type",
                                        "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"),
                                Map.entry("id", "TemporaryAccessPass"),
                                Map.entry("state", "disabled"),
                                Map.entry("defaultLifetimeInMinutes", 60),
                                Map.entry("minimumLifetimeInMinutes", 60),
                                Map.entry("maximumLifetimeInMinutes", 480),
                                Map.entry("defaultLength", 8),
                                Map.entry("isUsableOnce", false),
                                Map.entry(
                                        "includeTargets",
                                        List.of(Map.of(
                                                "targetType",
                                                "group",
                                                "id",
                                                "all_users",
                                                "isRegistrationRequired",
                                                false))),
                                Map.entry("excludeTargets", List.of()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/temporaryaccesspass",
                "/TEMPORARYACCESSPASS",
                "('TemporaryAccessPass')",
                "(%27temporaryAccessPass%27)",
                "%28%27TemporaryAccessPass%27%29"
            })
    void the_id_is_matched_without_regard_to_case_and_in_both_forms(String key) {
        for (String version : List.of("v1.0", "beta")) {
            administrator()
                    .urlEncodingEnabled(false)
                    .get(COLLECTION.replace("v1.0", version) + key)
                    .then()
                    .statusCode(200)
                    .body("id", equalTo("TemporaryAccessPass"))
                    .body(
                            "'@odata.context'",
                            endsWith("/" + version + "/$metadata#authenticationMethodConfigurations/$entity"));
            administrator()
                    .urlEncodingEnabled(false)
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .patch(COLLECTION.replace("v1.0", version) + key)
                    .then()
                    .statusCode(204);
        }
    }

    @Test
    void collection_and_parent_hold_it() {
        administrator()
                .get(COLLECTION)
                .then()
                .statusCode(200)
                .body("value.id", equalTo(List.of("TemporaryAccessPass")))
                .body("value[0].'@odata.type'", notNullValue());
        administrator()
                .get(COLLECTION + "/$count")
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .body(is("1"));
        administrator().get(COLLECTION + "/").then().statusCode(200);
        administrator()
                .get("/beta/policies/authenticationMethodsPolicy")
                .then()
                .statusCode(200)
                .body("id", equalTo("authenticationMethodsPolicy"))
                .body("authenticationMethodConfigurations.id", equalTo(List.of("TemporaryAccessPass")));
    }

    @Test
    void a_patch_changes_what_it_names_and_nothing_else() {
        patching("""
                {"@odata.type":"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration","id":"x",
                 "includeTargets@odata.context":"ignored","state":"enabled","defaultLength":12,
                 "includeTargets":[{"targetType":"user","id":"0190B3F2-0000-7000-8000-00000000AAAA"}]}""")
                .patch(TAP)
                .then()
                .statusCode(204)
                .header("Tap-Confirmation", "confirmed")
                .header("request-id", notNullValue())
                .body(is(""));
        administrator()
                .get(TAP)
                .then()
                .body("state", equalTo("enabled"))
                .body("defaultLength", equalTo(12))
                .body("maximumLifetimeInMinutes", equalTo(480))
                .body(
                        "includeTargets",
                        equalTo(List.of(Map.of(
                                "targetType",
                                "user",
                                "id",
                                "0190b3f2-0000-7000-8000-00000000aaaa",
                                "isRegistrationRequired",
                                false))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"state\":null}",
                "{\"@odata.type\":\"#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration\"}",
                "{\"state\":\"disabled\",\"defaultLength\":8}"
            })
    void a_patch_that_asks_for_nothing_new_changes_nothing(String body) {
        int before = events();
        patching(body).patch(TAP).then().statusCode(204);
        assertThat(events()).isEqualTo(before);
    }

    @Test
    void a_reset_brings_back_the_defaults() {
        patching("{\"state\":\"enabled\",\"isUsableOnce\":true}")
                .patch(TAP)
                .then()
                .statusCode(204);
        administrator().delete(TAP).then().statusCode(204).header("Tap-Confirmation", "confirmed");
        administrator().get(TAP).then().body("state", equalTo("disabled")).body("isUsableOnce", equalTo(false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"minimumLifetimeInMinutes":9}       | minimumLifetimeInMinutes | between 10 and 43200
            {"maximumLifetimeInMinutes":43201}   | maximumLifetimeInMinutes | between 10 and 43200
            {"defaultLifetimeInMinutes":481}     | defaultLifetimeInMinutes | between 60 and 480
            {"minimumLifetimeInMinutes":481}     | minimumLifetimeInMinutes | between 10 and 480
            {"maximumLifetimeInMinutes":30}      | maximumLifetimeInMinutes | between 60 and 43200
            {"defaultLength":7}                  | defaultLength            | between 8 and 48
            {"defaultLength":49}                 | defaultLength            | between 8 and 48
            {"defaultLength":2147483648}         | defaultLength            | an integer
            {"defaultLength":"8"}                | defaultLength            | an integer
            {"defaultLength":8.0}                | defaultLength            | an integer
            {"isUsableOnce":"true"}              | isUsableOnce             | true or false
            {"state":"Enabled"}                  | state                    | disabled, enabled
            {"state":7}                          | state                    | disabled, enabled
            {"states":"enabled"}                 | states                   | not known
            {"includeTargets":{}}                | includeTargets           | a list
            {"includeTargets":["all_users"]}     | includeTargets[0]        | an object
            {"includeTargets":[{}]}              | includeTargets[0]        | group or user
            {"includeTargets":[{"targetType":"role","id":"all_users"}]} | includeTargets[0].targetType | group, user
            {"includeTargets":[{"targetType":"group"}]}                 | includeTargets[0].id         | all_users
            {"includeTargets":[{"targetType":"user","id":"all_users"}]} | includeTargets               | all_users
            {"includeTargets":[{"targetType":"user","id":"ada"}]}       | includeTargets               | GUID
            {"excludeTargets":[{"targetType":"group","id":"all_users"}]}| excludeTargets               | all_users
            {"excludeTargets":[{"targetType":"user","id":"0190b3f2-0000-7000-8000-00000000aaaa","x":1}]} | excludeTargets[0].x | not known
            {"@odata.type":"#microsoft.graph.fido2AuthenticationMethodConfiguration"} | @odata.type | temporaryAccessPass
            {"state":"enabled","state":"disabled"}                      | state                        | more than once
            """)
    void what_is_wrong_is_refused_by_name_and_changes_nothing(String body, String member, String expectation) {
        int before = events();
        patching(body)
                .header("client-request-id", "mine")
                .patch(TAP)
                .then()
                .statusCode(400)
                .contentType(ContentType.JSON)
                .header("client-request-id", "mine")
                .body("error.code", equalTo("badRequest"))
                .body("error.message", containsString(member))
                .body("error.message", containsString(expectation))
                .body("error.innerError.date", notNullValue())
                .body("error.innerError.request-id", notNullValue())
                .body("error.innerError.client-request-id", equalTo("mine"));
        assertThat(events()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "7", "{\"state\":\"enabled\"} x", "\u0000", "{\"state\":}"})
    void malformed_json_is_refused(String body) {
        patching(body)
                .patch(TAP)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", not(containsString("Exception")));
    }

    @Test
    void a_body_that_is_too_large_is_refused() {
        patching("{\"state\":\"" + "x".repeat(300_000) + "\"}")
                .patch(TAP)
                .then()
                .statusCode(413)
                .body("error.code", notNullValue());
    }

    @Test
    void another_media_type_is_refused() {
        administrator()
                .contentType("text/xml")
                .body("<state/>")
                .patch(TAP)
                .then()
                .statusCode(415)
                .body("error.code", equalTo("notSupported"));
    }

    @Test
    void other_methods_are_refused() {
        patching("{}").post(TAP).then().statusCode(405).body("error.code", equalTo("notAllowed"));
        patching("{}").put(TAP).then().statusCode(405).body("error.code", equalTo("notAllowed"));
        administrator().delete(COLLECTION).then().statusCode(405).body("error.code", equalTo("notAllowed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/Fido2", "/TemporaryAccessPass/x", "('Fido2')", "/%00"})
    void what_does_not_exist_is_not_found(String key) {
        administrator()
                .urlEncodingEnabled(false)
                .get(COLLECTION + key)
                .then()
                .statusCode(anyOf(is(404), is(400)))
                .contentType(ContentType.JSON)
                .body("error.code", anyOf(equalTo("resourceNotFound"), equalTo("badRequest")));
    }

    @Test
    void concurrent_changes_of_different_members_all_hold() throws Exception {
        List<String> changes = List.of(
                "{\"state\":\"enabled\"}",
                "{\"defaultLength\":20}",
                "{\"isUsableOnce\":true}",
                "{\"maximumLifetimeInMinutes\":1000}",
                "{\"minimumLifetimeInMinutes\":20}",
                "{\"excludeTargets\":[{\"targetType\":\"user\",\"id\":\"" + Callers.GRACE + "\"}]}");
        try (ExecutorService clients = Executors.newFixedThreadPool(changes.size())) {
            List<Callable<Integer>> calls = changes.stream()
                    .<Callable<Integer>>map(
                            change -> () -> patching(change).patch(TAP).statusCode())
                    .toList();
            for (Future<Integer> status : clients.invokeAll(calls)) {
                assertThat(status.get()).isEqualTo(204);
            }
        }
        administrator()
                .get(TAP)
                .then()
                .body("state", equalTo("enabled"))
                .body("defaultLength", equalTo(20))
                .body("isUsableOnce", equalTo(true))
                .body("maximumLifetimeInMinutes", equalTo(1000))
                .body("minimumLifetimeInMinutes", equalTo(20))
                .body("excludeTargets.id", equalTo(List.of(Callers.GRACE)));
    }

    @Test
    void a_change_costs_two_statements() {
        patching("{\"state\":\"enabled\"}").patch(TAP).then().statusCode(204);
        try (TestDatabase database = ServiceTestResource.database();
                StatementCounter counter = StatementCounter.of(database)) {
            patching("{\"defaultLength\":11}").patch(TAP).then().statusCode(204);
            assertThat(counter.total())
                    .as(() -> counter.statements().toString())
                    .isEqualTo(2);
        }
    }

    private static int events() {
        try (TestDatabase database = ServiceTestResource.database();
                var service = database.connectAsService();
                var rows = service.createStatement().executeQuery("SELECT count(*) FROM event")) {
            rows.next();
            return rows.getInt(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_policy_of_an_earlier_moment_is_told_by_the_log() {
        List<Instant> moments = new ArrayList<>();
        List<Integer> lengths = List.of(9, 10, 11);
        for (int length : lengths) {
            patching("{\"state\":\"enabled\",\"defaultLength\":" + length + "}")
                    .patch(TAP)
                    .then()
                    .statusCode(204);
            moments.add(databaseClock());
        }
        String last = moments.getLast().toString();
        await("until it is past")
                .atMost(Duration.ofSeconds(20))
                .until(() -> administrator().queryParam("asOf", last).get(TAP).statusCode() == 200);
        for (int i = 0; i < moments.size(); i++) {
            String moment = moments.get(i).toString();
            administrator()
                    .queryParam("asOf", moment)
                    .get(TAP)
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("enabled"))
                    .body("defaultLength", equalTo(lengths.get(i)));
            administrator()
                    .queryParam("asOf", moment)
                    .get(COLLECTION)
                    .then()
                    .body("value[0].defaultLength", equalTo(lengths.get(i)));
            administrator()
                    .queryParam("asOf", moment)
                    .get("/v1.0/policies/authenticationMethodsPolicy")
                    .then()
                    .body("authenticationMethodConfigurations[0].defaultLength", equalTo(lengths.get(i)));
        }
        administrator()
                .queryParam("asOf", "2000-01-01T00:00:00Z")
                .get(TAP)
                .then()
                .statusCode(200)
                .body("state", equalTo("disabled"));
    }

    @ParameterizedTest
    @CsvSource({
        "2100-01-01T00:00:00Z, is too late: the past can be asked about until five seconds ago",
        "yesterday, is not valid. It is a date and time in ISO 8601"
    })
    void a_moment_that_is_not_past_is_refused(String moment, String why) {
        administrator()
                .queryParam("asOf", moment)
                .get(TAP)
                .then()
                .statusCode(400)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", containsString("The query parameter 'asOf' " + why));
    }

    @Test
    void only_auditors_ask_about_the_past() {
        var reader = TestTokens.delegated(Callers.GRACE)
                .permissions("Policy.Read.All")
                .roles(TestTokens.GLOBAL_ADMINISTRATOR);
        Callers.with(reader).get(TAP).then().statusCode(200);
        Callers.with(reader)
                .queryParam("asOf", "2000-01-01T00:00:00Z")
                .get(TAP)
                .then()
                .statusCode(403);
        Callers.with(TestTokens.delegated(Callers.GRACE)
                        .permissions("Tap.Audit.Read.All")
                        .roles(TestTokens.GLOBAL_READER))
                .queryParam("asOf", "2000-01-01T00:00:00Z")
                .get(TAP)
                .then()
                .statusCode(200);
    }

    private static Instant databaseClock() {
        try (TestDatabase database = ServiceTestResource.database();
                var service = database.connectAsService();
                var statement = service.createStatement();
                var rows = statement.executeQuery("SELECT tap_now()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
