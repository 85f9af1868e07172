package tap.pass.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.contract.ContractJson;
import tap.contract.GroupChangedV1;
import tap.contract.GroupRemovedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassLockedV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.PolicyV1.ExcludeTarget;
import tap.contract.PolicyV1.IncludeTarget;
import tap.contract.TokenRevokedV1;
import tap.contract.Topics;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static tap.pass.api.Surroundings.EVERYBODY;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class PastIT {
    private static final int STEPS = 150;
    private static final int MOMENTS = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<UUID> users = new ArrayList<>();
    private final List<UUID> groups = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
    private final List<Issued> issued = new ArrayList<>();
    private final Map<UUID, Integer> uses = new HashMap<>();

    private record Issued(UUID user, UUID pass) {}

    @BeforeEach
    void policy() {
        Surroundings.policy(true, false);
    }

    @Test
    void a_thousand_moments_of_a_random_history_are_answered_as_a_replay_of_the_log_does() throws SQLException {
        long seed = Long.getLong("tap.past.seed", new Random().nextInt(Integer.MAX_VALUE));
        System.out.println("past: seed " + seed);
        Random random = new Random(seed);
        Instant begin = clock();
        for (int i = 0; i < 4; i++) {
            users.add(user());
        }
        for (int i = 0; i < STEPS; i++) {
            step(random);
        }
        allIsReceived();
        Instant end = clock();
        past(end);
        List<Replay.Entry> entries = Replay.entries();
        List<Instant> instants = entries.stream()
                .map(Replay.Entry::at)
                .filter(at -> !at.isBefore(begin))
                .toList();
        assertThat(instants).hasSizeGreaterThan(STEPS / 2);
        String token = Surroundings.administratorToken();
        int found = 0;
        for (int i = 0; i < MOMENTS; i++) {
            Instant moment = any(random, begin, end, instants);
            UUID user = users.get(random.nextInt(users.size()));
            Replay then = Replay.until(moment, entries);
            HttpResponse<String> answer = asOf(moment, token, passes(user));
            assertThat(answer.statusCode()).isEqualTo(then.knows(user) ? 200 : 404);
            if (then.knows(user)) {
                List<Replay.Shown> shown = shown(answer.body());
                found += shown.size();
                assertThat(shown)
                        .as("seed %d, user %s at %s", seed, user, moment)
                        .isEqualTo(then.shown(user));
            }
            if (then.knows(user) && i % 4 == 0) {
                String targeting = "/v1.0/users/" + user + "/authentication/temporaryAccessPassTargeting";
                assertThat(json(asOf(moment, token, targeting).body())
                                .path("isTargeted")
                                .asBoolean())
                        .as("seed %d, user %s at %s", seed, user, moment)
                        .isEqualTo(then.targets(user));
            }
        }
        assertThat(found).isGreaterThan(MOMENTS / 20);
    }

    // In between, and at the very instant of an event, the microsecond before and after.
    private static Instant any(Random random, Instant begin, Instant end, List<Instant> instants) {
        Instant moment = random.nextBoolean()
                ? begin.plusMillis(
                        random.nextInt((int) Duration.between(begin, end).toMillis()))
                : instants.get(random.nextInt(instants.size())).plusNanos((random.nextInt(3) - 1) * 1_000L);
        return moment.isAfter(end) ? end : moment;
    }

    private void step(Random random) {
        UUID user = users.get(random.nextInt(users.size()));
        switch (random.nextInt(12)) {
            case 0 -> policyOf(random);
            case 1 ->
                Surroundings.change(
                        user,
                        random.nextInt(6) > 0,
                        random.nextInt(5) > 0 ? "member" : "externalGuest",
                        List.of(),
                        some(groups, random));
            case 2 -> group(groups.get(random.nextInt(groups.size())), random);
            case 3 -> delete(user);
            case 4, 5, 6 -> fact(random);
            case 7 -> {
                if (random.nextInt(3) == 0) {
                    users.add(user());
                }
            }
            default -> issue(user, random);
        }
    }

    private void policyOf(Random random) {
        List<IncludeTarget> include = random.nextBoolean()
                ? EVERYBODY
                : some(groups, random).stream()
                        .map(group -> new IncludeTarget("group", group.toString(), false))
                        .toList();
        List<ExcludeTarget> exclude = random.nextInt(3) > 0
                ? List.of()
                : List.of(new ExcludeTarget(
                        "user", users.get(random.nextInt(users.size())).toString()));
        Surroundings.policy(random.nextInt(5) > 0, random.nextInt(4) == 0, 10, include, exclude);
    }

    private void group(UUID group, Random random) {
        String id = group.toString();
        if (random.nextInt(4) == 0) {
            OtherServices.policyService(Topics.DIRECTORY, id, id, "group-removed.v1", new GroupRemovedV1(group));
        } else {
            OtherServices.policyService(
                    Topics.DIRECTORY, id, id, "group-changed.v1", new GroupChangedV1(group, some(groups, random)));
        }
    }

    private void issue(UUID user, Random random) {
        Response answer = posting(random.nextBoolean() ? "{\"isUsableOnce\":true}" : "{\"isUsableOnce\":false}")
                .post(passes(user));
        if (answer.statusCode() == 201) {
            issued.add(new Issued(user, UUID.fromString(answer.path("id"))));
        }
    }

    private void delete(UUID user) {
        Response list = administrator().get(passes(user));
        List<String> ids = list.path("value.id");
        if (ids != null && !ids.isEmpty()) {
            administrator().delete(passes(user) + "/" + ids.getFirst());
        }
    }

    private void fact(Random random) {
        if (issued.isEmpty()) {
            return;
        }
        Issued one = issued.get(issued.size() - 1 - random.nextInt(Math.min(4, issued.size())));
        UUID user = one.user;
        UUID pass = one.pass;
        switch (random.nextInt(8)) {
            case 0 ->
                fact(one, "pass-spent.v1", new PassSpentV1(user, pass, Math.max(1, uses.getOrDefault(pass, 0)), now()));
            case 1 -> fact(one, "pass-locked.v1", new PassLockedV1(user, pass, 0, 10, now()));
            case 2 -> fact(one, "pass-expired.v1", new PassExpiredV1(user, pass, 0, now()));
            default -> {
                int use = uses.merge(pass, 1, Integer::sum);
                fact(
                        one,
                        "pass-redeemed.v1",
                        new PassRedeemedV1(user, pass, use, null, "client", UUID.randomUUID(), now()));
            }
        }
    }

    private static void fact(Issued one, String type, Object record) {
        OtherServices.redemptionService(one.pass, one.user, type, record);
    }

    // The last message of each stream is received last.
    private void allIsReceived() {
        for (Issued one : issued) {
            UUID mark = UUID.randomUUID();
            fact(one, "token-revoked.v1", new TokenRevokedV1(one.user, one.pass, "client", mark, now()));
            Surroundings.await("SELECT count(*) FROM received WHERE payload ->> 'jti' = '" + mark + "'");
        }
        Surroundings.policy(true, false);
        users.forEach(user -> Surroundings.change(user, true, "member", List.of(), groups));
        users.forEach(user -> Surroundings.await("SELECT count(*) FROM user_copy WHERE id = '" + user
                + "' AND cardinality(group_ids) = " + groups.size()));
    }

    private static List<UUID> some(List<UUID> all, Random random) {
        return all.stream().filter(one -> random.nextBoolean()).toList();
    }

    // REST-assured takes longer for a question than the service
    private HttpResponse<String> asOf(Instant moment, String token, String path) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + RestAssured.port + path + "?asOf=" + moment))
                .header("Authorization", "Bearer " + token)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<Replay.Shown> shown(String body) {
        List<Replay.Shown> shown = new ArrayList<>();
        json(body)
                .path("value")
                .forEach(pass -> shown.add(new Replay.Shown(
                        pass.path("id").asText(),
                        pass.path("methodUsabilityReason").asText(),
                        pass.path("usageCount").asInt())));
        return shown;
    }

    private static JsonNode json(String body) {
        try {
            return ContractJson.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(body, e);
        }
    }

    @Test
    void what_is_past_is_told_as_it_was_told_then() {
        UUID user = user();
        String pass = posting("{}").post(passes(user)).path("id");
        Map<Instant, Object> told = new HashMap<>();
        told.put(clock(), administrator().get(passes(user)).path("value"));
        redeem(user, pass, 1);
        Surroundings.await("SELECT count(*) FROM allowance_copy WHERE uses = 1 AND pass_id = '" + pass + "'");
        told.put(clock(), administrator().get(passes(user)).path("value"));
        Surroundings.policy(false, false);
        told.put(clock(), administrator().get(passes(user)).path("value"));
        Instant last = clock();
        administrator().delete(passes(user) + "/" + pass).then().statusCode(204);
        past(last);
        told.forEach((moment, value) -> {
            assertThat(administrator()
                            .queryParam("asOf", moment.toString())
                            .get(passes(user))
                            .<Object>path("value"))
                    .isEqualTo(value);
            assertThat(administrator()
                            .queryParam("asOf", moment.toString())
                            .get(passes(user) + "/" + pass)
                            .<String>path("id"))
                    .isEqualTo(pass);
        });
        administrator()
                .queryParam("asOf", last.toString())
                .get("/v1.0/users/" + user + "/authentication/methods")
                .then()
                .body("value.id", contains(pass));
        administrator().get(passes(user) + "/" + pass).then().statusCode(404);
    }

    @Test
    void a_history_tells_who_did_what_when_under_which_policy() {
        UUID user = user();
        long revision = Surroundings.number("SELECT revision FROM policy_copy");
        Response first = posting("{\"isUsableOnce\":false}").post(passes(user));
        redeem(user, first.path("id"), 1);
        Surroundings.await(
                "SELECT count(*) FROM allowance_copy WHERE uses = 1 AND pass_id = '" + first.path("id") + "'");
        Response second = posting("{}").post(passes(user));
        second.then().statusCode(201);
        JsonPath history = administrator()
                .get(passes(user) + "/" + first.path("id") + "/history")
                .then()
                .statusCode(200)
                .body(
                        "value.activity",
                        contains("passIssued", "passAdmitted", "passRedeemed", "passReplaced", "passWithdrawn"))
                .body("value.service[0]", equalTo("pass-service"))
                .body("value.service[1]", equalTo("redemption-service"))
                .body("value[0].actor", notNullValue())
                .body("value[0].correlationId", equalTo(first.header("request-id")))
                .body("value[0].activityDateTime", equalTo(first.path("createdDateTime")))
                .body("value[0].event.passId", equalTo(first.path("id")))
                .body("value[2].actor", nullValue())
                .body("value[2].event.clientId", equalTo("client"))
                .body("value[3].event.replaces", equalTo(first.path("id")))
                .body("'@odata.context'", containsString("/history"))
                .body("'@odata.nextLink'", nullValue())
                .extract()
                .jsonPath();
        assertThat(history.getList("value.policyRevision", Long.class)).containsOnly(revision);
        assertThat(history.prettify()).doesNotContain(first.<String>path("temporaryAccessPass"), "example.org");
        administrator().delete(passes(user) + "/" + second.path("id")).then().statusCode(204);
        administrator()
                .get(passes(user) + "/" + second.path("id") + "/history")
                .then()
                .body("value.activity", contains("passIssued", "passAdmitted", "passRevoked", "passWithdrawn"))
                .body("value[2].event.reason", equalTo("deleted"));
        administrator()
                .queryParam("$skiptoken", "3")
                .get(passes(user) + "/" + second.path("id") + "/history")
                .then()
                .body("value.activity", contains("passWithdrawn"));
    }

    @Test
    void a_long_history_has_pages() {
        UUID user = user();
        String pass = posting("{\"isUsableOnce\":false}").post(passes(user)).path("id");
        int all = 1_100;
        for (int use = 1; use <= all; use++) {
            redeem(user, pass, use);
        }
        Surroundings.await("SELECT count(*) FROM allowance_copy WHERE uses = " + all + " AND pass_id = '" + pass + "'");
        String next = administrator()
                .get(passes(user) + "/" + pass + "/history")
                .then()
                .body("value", hasSize(1_000))
                .body("'@odata.nextLink'", endsWith(passes(user) + "/" + pass + "/history?$skiptoken=1000"))
                .extract()
                .path("'@odata.nextLink'");
        administrator()
                .get(next)
                .then()
                .statusCode(200)
                .body("value", hasSize(102))
                .body("value[101].event.use", equalTo(all))
                .body("'@odata.nextLink'", nullValue());
    }

    @Test
    void an_explanation_names_the_check_that_was_not_met() {
        UUID user = user();
        String pass = posting("{}").post(passes(user)).path("id");
        administrator()
                .get(passes(user) + "/" + pass + "/explain")
                .then()
                .statusCode(200)
                .body("id", equalTo(pass))
                .body("userId", equalTo(user.toString()))
                .body("isUsable", equalTo(true))
                .body("methodUsabilityReason", equalTo("EnabledByPolicy"))
                .body("checks.findAll{!it.isMet}", hasSize(0));
        Instant usable = clock();
        Surroundings.remove(user);
        past(usable);
        administrator()
                .queryParam("at", usable.toString())
                .get(passes(user) + "/" + pass + "/explain")
                .then()
                .body("isUsable", equalTo(true))
                .body("atDateTime", equalTo(usable.toString()));
        await().atMost(PATIENCE)
                .untilAsserted(() -> administrator()
                        .get(passes(user) + "/" + pass + "/explain")
                        .then()
                        .statusCode(200)
                        .body("isUsable", equalTo(false))
                        .body("methodUsabilityReason", equalTo("DisabledByPolicy"))
                        .body("checks.find{it.name=='userIsActive'}.saw.isKnown", equalTo(false))
                        .body("checks.find{it.name=='notRevoked'}.saw.reason", equalTo("userRemoved")));
        administrator()
                .queryParam("at", "2020-01-01T00:00:00Z")
                .get(passes(user) + "/" + pass + "/explain")
                .then()
                .statusCode(404);
        administrator()
                .queryParam("asOf", usable.toString())
                .get(passes(user))
                .then()
                .statusCode(200)
                .body("value.id", contains(pass));
        administrator().get(passes(user)).then().statusCode(404);
    }

    @Test
    void targeting_tells_the_groups_that_the_policy_sees() {
        UUID inner = UUID.randomUUID();
        UUID outer = UUID.randomUUID();
        OtherServices.policyService(
                Topics.DIRECTORY,
                inner.toString(),
                inner.toString(),
                "group-changed.v1",
                new GroupChangedV1(inner, List.of(outer)));
        Surroundings.await("SELECT count(*) FROM group_copy WHERE id = '" + inner + "'");
        UUID user = user("member", List.of(), List.of(inner));
        Surroundings.policy(true, false, 10, List.of(new IncludeTarget("group", outer.toString(), false)), List.of());
        administrator()
                .get("/v1.0/users/" + user + "/authentication/temporaryAccessPassTargeting")
                .then()
                .statusCode(200)
                .body("userId", equalTo(user.toString()))
                .body("isPolicyEnabled", equalTo(true))
                .body("isIncluded", equalTo(true))
                .body("isExcluded", equalTo(false))
                .body("isTargeted", equalTo(true))
                .body("isActive", equalTo(true))
                .body("kind", equalTo("member"))
                .body("groupIds.toSet()", equalTo(java.util.Set.of(inner.toString(), outer.toString())));
    }

    @ParameterizedTest
    @CsvSource({
        "2100-01-01T00:00:00Z, is too late: the past can be asked about until five seconds ago",
        "yesterday, is not valid. It is a date and time in ISO 8601"
    })
    void a_moment_that_is_not_past_is_refused(String moment, String why) {
        UUID user = user();
        administrator()
                .queryParam("asOf", moment)
                .get(passes(user))
                .then()
                .statusCode(400)
                .body("error.message", containsString("The query parameter 'asOf' " + why));
        administrator()
                .queryParam("at", moment)
                .get(passes(user) + "/" + UUID.randomUUID() + "/explain")
                .then()
                .statusCode(400)
                .body("error.message", containsString("The query parameter 'at' " + why));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/history", "/explain"})
    void a_pass_of_somebody_else_is_none(String what) {
        UUID user = user();
        UUID other = user();
        String pass = posting("{}").post(passes(other)).path("id");
        administrator()
                .get(passes(user) + "/" + pass + what)
                .then()
                .statusCode(404)
                .body("error.code", not(nullValue()));
        administrator().get(passes(user) + "/no-id" + what).then().statusCode(404);
        administrator()
                .get(passes("nobody@example.org") + "/" + pass + what)
                .then()
                .statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/temporaryAccessPassMethods/{pass}/history",
                "/temporaryAccessPassMethods/{pass}/explain",
                "/temporaryAccessPassTargeting",
                "/temporaryAccessPassMethods?asOf=2026-01-01T00:00:00Z"
            })
    void only_auditors_ask_about_the_past(String path) {
        UUID user = user();
        String pass = posting("{}").post(passes(user)).path("id");
        String asked = "/v1.0/users/" + user + "/authentication" + path.replace("{pass}", pass);
        for (TestTokens other : List.of(
                TestTokens.delegated(user.toString())
                        .permissions("UserAuthenticationMethod.Read", "Tap.Audit.Read.All"),
                TestTokens.delegated(UUID.randomUUID().toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.GLOBAL_ADMINISTRATOR),
                TestTokens.delegated(UUID.randomUUID().toString())
                        .permissions("UserAuthenticationMethod.Read.All", "Tap.Audit.Read.All")
                        .roles(TestTokens.AUTHENTICATION_ADMINISTRATOR))) {
            with(other).get(asked).then().statusCode(403);
        }
        with(TestTokens.delegated(UUID.randomUUID().toString())
                        .permissions("Tap.Audit.Read.All")
                        .roles(TestTokens.GLOBAL_READER))
                .get(asked)
                .then()
                .statusCode(asked.contains("asOf") ? 404 : 200);
    }

    @Test
    void a_page_that_no_link_named_is_refused() {
        UUID user = user();
        administrator()
                .queryParam("$skiptoken", "-1")
                .get(passes(user) + "/" + UUID.randomUUID() + "/history")
                .then()
                .statusCode(400)
                .body("error.message", containsString("$skiptoken"));
    }

    private static void redeem(UUID user, String pass, int use) {
        UUID passId = UUID.fromString(pass);
        OtherServices.redemptionService(
                passId,
                user,
                "pass-redeemed.v1",
                new PassRedeemedV1(user, passId, use, null, "client", UUID.randomUUID(), now()));
    }

    // as exact as the clock of a database
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static void past(Instant moment) {
        UUID somebody = user();
        await("until it is past")
                .atMost(PATIENCE)
                .until(() -> administrator()
                                .queryParam("at", moment.toString())
                                .get(passes(somebody) + "/" + UUID.randomUUID() + "/explain")
                                .statusCode()
                        == 404);
    }

    private static Instant clock() {
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
