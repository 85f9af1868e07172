package tap.pass.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.execute;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

/** Passes for many users: a line a user, at the reader's pace, and never a second pass under the same key. */
@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class BulkIT {
    private static final String BULK = "/v1.0/temporaryAccessPassMethods/bulk";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TestHTTPResource
    URI service = URI.create("http://localhost");

    private final String key = UUID.randomUUID().toString();

    @BeforeEach
    void policy() {
        administrator();
        Surroundings.policy(true, false, 24, Surroundings.EVERYBODY, List.of());
    }

    @AfterEach
    void nobodyIsAtIt() {
        Surroundings.await("SELECT 1 - count(*) FROM bulk_turn");
    }

    @Test
    void everybody_gets_a_pass_or_an_error_of_their_own() {
        String name = "bulk-" + UUID.randomUUID();
        UUID named = user(name);
        UUID plain = user();
        UUID guest = Surroundings.user("externalGuest", List.of(), List.of());
        UUID nobody = UUID.randomUUID();
        String grace = "0190b3f2-0000-7000-8000-00000000aaaa";
        Response answer = bulk(
                key,
                "{\"users\":" + list(name + "@example.org", plain, guest, nobody, grace)
                        + ",\"lifetimeInMinutes\":90,\"isUsableOnce\":true}");
        answer.then().statusCode(200).header("request-id", notNullValue()).header("Cache-Control", "no-store");
        assertThat(answer.contentType()).startsWith("application/x-ndjson");
        Map<String, JsonNode> lines = lines(answer);
        assertThat(lines).hasSize(5);
        for (String user : List.of(name + "@example.org", plain.toString())) {
            JsonNode line = line(lines, user);
            assertThat(line.path("status").asInt()).isEqualTo(201);
            assertThat(line.path("confirmation").asText()).isEqualTo("confirmed");
            assertThat(line.path("pass").path("temporaryAccessPass").asText()).hasSize(24);
            assertThat(line.path("pass").path("isUsable").asBoolean()).isTrue();
            assertThat(line.path("pass").path("lifetimeInMinutes").asInt()).isEqualTo(90);
            assertThat(line.has("error")).isFalse();
        }
        administrator()
                .get(passes(named))
                .then()
                .body(
                        "value[0].id",
                        equalTo(line(lines, name + "@example.org")
                                .path("pass")
                                .path("id")
                                .asText()))
                .body("value[0].isUsableOnce", equalTo(true));
        failed(line(lines, guest.toString()), 400, "badRequest");
        failed(line(lines, nobody.toString()), 404, "Request_ResourceNotFound");
        failed(line(lines, grace), 403, "accessDenied");
        assertThat(line(lines, nobody.toString())
                        .path("error")
                        .path("innerError")
                        .path("request-id")
                        .asText())
                .isEqualTo(answer.header("request-id"));
    }

    private static void failed(JsonNode line, int status, String code) {
        assertThat(line.path("status").asInt()).isEqualTo(status);
        assertThat(line.path("error").path("code").asText()).isEqualTo(code);
        assertThat(line.path("error").path("message").asText()).isNotEmpty();
        assertThat(line.has("pass")).isFalse();
    }

    @Test
    void an_authentication_administrator_reaches_no_administrator_in_a_bulk_either() {
        UUID privileged = Surroundings.user("member", List.of(TestTokens.GLOBAL_READER), List.of());
        UUID plain = user();
        Map<String, JsonNode> lines = lines(with(TestTokens.delegated(user().toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.AUTHENTICATION_ADMINISTRATOR))
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"users\":" + list(privileged, plain) + "}")
                .post(BULK));
        failed(line(lines, privileged.toString()), 403, "accessDenied");
        assertThat(line(lines, plain.toString()).path("status").asInt()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "UserAuthenticationMethod.ReadWrite.All, GLOBAL_READER",
        "UserAuthenticationMethod.Read.All, GLOBAL_ADMINISTRATOR",
    })
    void who_may_issue_nobody_a_pass_is_refused_as_a_whole(String permission, String role)
            throws ReflectiveOperationException {
        String template = (String) TestTokens.class.getField(role).get(null);
        refused(
                with(TestTokens.delegated(user().toString())
                        .permissions(permission)
                        .roles(template)),
                403);
        refused(
                with(TestTokens.delegated(UUID.randomUUID().toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.GLOBAL_ADMINISTRATOR)),
                403);
        refused(RestAssured.given(), 401);
    }

    private void refused(io.restassured.specification.RequestSpecification caller, int status) {
        caller.contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"users\":" + list(UUID.randomUUID()) + "}")
                .post(BULK)
                .then()
                .statusCode(status)
                .contentType(ContentType.JSON)
                .body("error.innerError.request-id", notNullValue());
    }

    @Test
    void who_has_a_pass_that_may_still_be_used_keeps_it_unless_it_shall_be_replaced() {
        UUID has = user();
        UUID hasUsed = user();
        String kept = posting("{}").post(passes(has)).path("id");
        UUID used = UUID.fromString(
                posting("{\"isUsableOnce\":true}").post(passes(hasUsed)).path("id"));
        execute("UPDATE allowance_copy SET spent_at = tap_now() WHERE pass_id = '" + used + "'");
        Map<String, JsonNode> lines = lines(bulk(key, "{\"users\":" + list(has, hasUsed) + "}"));
        failed(line(lines, has.toString()), 409, "conflict");
        assertThat(line(lines, hasUsed.toString()).path("status").asInt()).isEqualTo(201);
        administrator().get(passes(has)).then().body("value[0].id", equalTo(kept));

        lines = lines(bulk(key + "-2", "{\"onExisting\":\"replace\",\"users\":" + list(has) + "}"));
        assertThat(line(lines, has.toString()).path("status").asInt()).isEqualTo(201);
        administrator()
                .get(passes(has))
                .then()
                .body(
                        "value[0].id",
                        equalTo(line(lines, has.toString())
                                .path("pass")
                                .path("id")
                                .asText()));
    }

    @Test
    void a_user_who_is_named_twice_has_two_lines_and_one_pass() {
        String name = "twice-" + UUID.randomUUID();
        UUID user = user(name);
        List<JsonNode> lines = allLines(
                bulk(key, "{\"onExisting\":\"replace\",\"users\":" + list(user, name + "@example.org", user) + "}"));
        assertThat(lines).hasSize(3);
        assertThat(lines.stream().map(line -> line.path("status").asInt()))
                .containsOnlyOnce(201)
                .containsOnly(200, 201);
        assertThat(issuedTo("'" + user + "'")).isOne();
    }

    @Test
    void the_members_of_a_group_nested_ones_included_each_get_one() {
        UUID outer = UUID.randomUUID();
        UUID inner = UUID.randomUUID();
        execute("INSERT INTO group_copy VALUES ('" + outer + "', '{}'), ('" + inner + "', ARRAY['" + outer
                + "'::uuid])");
        // a cycle of groups ends where it began
        execute("UPDATE group_copy SET parent_group_ids = ARRAY['" + inner + "'::uuid] WHERE id = '" + outer + "'");
        UUID direct = Surroundings.user("member", List.of(), List.of(outer));
        UUID nested = Surroundings.user("member", List.of(), List.of(inner));
        UUID both = Surroundings.user("member", List.of(), List.of(outer, inner));
        user();
        assertThat(lines(bulk(key, "{\"groupId\":\"" + outer + "\"}")).keySet())
                .containsExactlyInAnyOrder(direct.toString(), nested.toString(), both.toString());

        // who came later is not one of them, whatever the group is by now
        Surroundings.user("member", List.of(), List.of(outer));
        Map<String, JsonNode> again = lines(bulk(key, "{\"groupId\":\"" + outer + "\"}"));
        assertThat(again.keySet()).containsExactlyInAnyOrder(direct.toString(), nested.toString(), both.toString());
        assertThat(again.values()).allSatisfy(line -> {
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("passId").asText()).isNotEmpty();
            assertThat(line.path("message").asText()).contains("new key");
            assertThat(line.has("pass")).isFalse();
        });
        bulk("another", "{\"groupId\":\"" + UUID.randomUUID() + "\"}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("Request_ResourceNotFound"));
    }

    @Test
    void a_group_of_too_many_is_refused_and_one_of_nobody_has_no_lines() {
        UUID crowd = groupOf(10_001);
        UUID empty = groupOf(0);
        try {
            bulk(key, "{\"groupId\":\"" + crowd + "\"}")
                    .then()
                    .statusCode(400)
                    .body("error.message", containsString("at most 10000 users, not 10001"));
        } finally {
            execute("DELETE FROM user_copy WHERE group_ids = ARRAY['" + crowd + "'::uuid]");
        }
        assertThat(allLines(bulk(key, "{\"groupId\":\"" + empty + "\"}"))).isEmpty();
    }

    @Test
    void a_stream_that_broke_off_is_taken_up_again_and_nobody_is_issued_a_second_pass() throws Exception {
        // codes that take their time
        Surroundings.policy(true, false, 10, Surroundings.EVERYBODY, List.of());
        int size = 60;
        UUID group = groupOf(size);
        String body = "{\"groupId\":\"" + group + "\"}";
        List<JsonNode> first = linesUntilLeaving(key, body, 5);
        assertThat(first)
                .hasSize(5)
                .allSatisfy(line -> assertThat(line.path("status").asInt()).isEqualTo(201));
        // the client is gone: issuing stops, and the turn is free
        Surroundings.await("SELECT 1 - count(*) FROM bulk_turn");
        long issued = issuedIn(group);
        assertThat(issued).isGreaterThanOrEqualTo(5).isLessThan(size);

        Map<String, JsonNode> second = lines(bulk(key, body));
        assertThat(second).hasSize(size);
        Set<String> withoutCode = second.values().stream()
                .filter(line -> line.path("status").asInt() == 200)
                .map(line -> line.path("user").asText())
                .collect(Collectors.toSet());
        assertThat(withoutCode)
                .containsAll(
                        first.stream().map(line -> line.path("user").asText()).toList());
        assertThat(second.values().stream().filter(line -> line.path("status").asInt() == 201))
                .hasSize(size - withoutCode.size());
        assertThat(issuedIn(group)).isEqualTo(size);
    }

    @Test
    void one_bulk_at_a_time_is_an_administrators() throws Exception {
        Surroundings.policy(true, false, 10, Surroundings.EVERYBODY, List.of());
        UUID group = groupOf(60);
        try (Socket busy = post(key, "{\"groupId\":\"" + group + "\"}");
                BufferedReader reader = reader(busy)) {
            assertThat(nextLine(reader)).isNotNull();
            bulk(key + "-2", "{\"users\":" + list(user()) + "}")
                    .then()
                    .statusCode(429)
                    .header("Retry-After", notNullValue())
                    .body("error.code", equalTo("activityLimitReached"))
                    .body("error.innerError.message", containsString("One at a time"));
            // others are not held up, neither by a bulk nor by one pass
            with(TestTokens.application().permissions("UserAuthMethod-TAP.ReadWrite.All"))
                    .contentType(ContentType.JSON)
                    .header("Idempotency-Key", key)
                    .body("{\"users\":" + list(user()) + "}")
                    .post(BULK)
                    .then()
                    .statusCode(200);
            posting("{}").post(passes(user())).then().statusCode(201);
        }
    }

    @Test
    void a_key_stands_for_one_bulk_and_for_no_single_request() {
        UUID user = user();
        posting("{}").header("Idempotency-Key", key).post(passes(user)).then().statusCode(201);
        Map<String, JsonNode> lines = lines(bulk(key, "{\"onExisting\":\"replace\",\"users\":" + list(user) + "}"));
        assertThat(line(lines, user.toString()).path("status").asInt()).isEqualTo(201);
        bulk(key, "{\"onExisting\":\"replace\",\"users\":" + list(user, user()) + "}")
                .then()
                .statusCode(409)
                .body("error.code", equalTo("conflict"));
        assertThat(bulk(key, "{ \"users\" :" + list(user) + ", \"onExisting\":\"replace\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void of_a_full_argon2_pool_nothing_is_told() throws Exception {
        Surroundings.policy(true, false, 8, Surroundings.EVERYBODY, List.of());
        UUID group = groupOf(20);
        List<UUID> singles =
                IntStream.range(0, 45).mapToObj(i -> UUID.randomUUID()).toList();
        singles.forEach(user -> execute("INSERT INTO user_copy VALUES ('" + user + "', true, 'member', '{}', '{}')"));
        try (ExecutorService clients = Executors.newFixedThreadPool(45)) {
            Future<Map<String, JsonNode>> many =
                    clients.submit(() -> lines(bulk(key, "{\"groupId\":\"" + group + "\"}")));
            List<Callable<Integer>> requests = new ArrayList<>();
            singles.forEach(
                    user -> requests.add(() -> posting("{}").post(passes(user)).statusCode()));
            for (Future<Integer> single : clients.invokeAll(requests)) {
                assertThat(single.get()).isIn(201, 503);
            }
            assertThat(many.get().values())
                    .hasSize(20)
                    .allSatisfy(line -> assertThat(line.path("status").asInt()).isEqualTo(201));
        }
    }

    @Test
    void at_the_issuing_limit_each_line_says_so() {
        UUID eve = user();
        execute("INSERT INTO issuing (actor, since, passes) VALUES ('" + eve + "', tap_now(), 9997)");
        UUID group = groupOf(20);
        Map<String, JsonNode> lines = lines(with(TestTokens.delegated(eve.toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.GLOBAL_ADMINISTRATOR))
                .contentType(ContentType.JSON)
                .header("Idempotency-Key", key)
                .body("{\"groupId\":\"" + group + "\"}")
                .post(BULK));
        execute("UPDATE issuing SET passes = 1 WHERE actor = '" + eve + "'");
        assertThat(lines.values().stream().filter(line -> line.path("status").asInt() == 201))
                .hasSize(3);
        assertThat(lines.values().stream().filter(line -> line.path("status").asInt() == 429))
                .hasSize(17)
                .allSatisfy(line -> assertThat(line.path("retryAfter").asInt()).isBetween(3_000, 3_600));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|either 'users'",
                "{\"users\":[]}|either 'users'",
                "{\"users\":[\"a\"],\"groupId\":\"0190b3f2-0000-7000-8000-00000000aaaa\"}|either 'users'",
                "{\"users\":\"a\"}|users",
                "{\"users\":[\"a\",7]}|users[1]",
                "{\"users\":[\"\"]}|users[0]",
                "{\"users\":[null]}|users[0]",
                "{\"groupId\":\"all_users\"}|groupId",
                "{\"users\":[\"a\"],\"onExisting\":\"keep\"}|onExisting",
                "{\"users\":[\"a\"],\"lifetime\":1}|lifetime",
                "{\"users\":[\"a\"],\"lifetimeInMinutes\":\"1\"}|lifetimeInMinutes",
                "[]|JSON object",
            })
    void malformed_requests_are_named_and_issue_nothing(String body, String named) {
        bulk(key, body)
                .then()
                .statusCode(400)
                .contentType(ContentType.JSON)
                .body("error.code", equalTo("badRequest"))
                .body("error.message", containsString(named));
    }

    @Test
    void limits_are_named() {
        posting("{\"users\":[\"a\"]}")
                .post(BULK)
                .then()
                .statusCode(400)
                .body("error.message", containsString("Idempotency-Key"));
        String many = IntStream.range(0, 10_001).mapToObj(i -> "\"u" + i + "\"").collect(Collectors.joining(","));
        bulk(key, "{\"users\":[" + many + "]}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("at most 10000"));
        String wide = ("\"" + "u".repeat(60) + "\",").repeat(20_000);
        bulk(key, "{\"users\":[" + wide + "\"u\"]}")
                .then()
                .statusCode(413)
                .body("error.code", equalTo("requestTooLarge"));
        administrator().get(BULK).then().statusCode(405);
        administrator().contentType("text/plain").body("{}").post(BULK).then().statusCode(415);
    }

    private Response bulk(String idempotencyKey, String body) {
        return posting(body).header("Idempotency-Key", idempotencyKey).post(BULK);
    }

    private static String list(Object... users) {
        return List.of(users).stream().map(user -> "\"" + user + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static UUID groupOf(int size) {
        UUID group = UUID.randomUUID();
        execute("INSERT INTO group_copy VALUES ('" + group + "', '{}')");
        execute("INSERT INTO user_copy SELECT gen_random_uuid(), true, 'member', '{}', ARRAY['" + group
                + "'::uuid] FROM generate_series(1, " + size + ")");
        return group;
    }

    private static long issuedIn(UUID group) {
        return issuedTo("SELECT id::text FROM user_copy WHERE group_ids = ARRAY['" + group + "'::uuid]");
    }

    private static long issuedTo(String users) {
        return Surroundings.number(
                "SELECT count(*) FROM event WHERE type = 'pass-issued.v1' AND stream_id IN (" + users + ")");
    }

    private static Map<String, JsonNode> lines(Response answer) {
        return allLines(answer).stream()
                .collect(Collectors.toMap(line -> line.path("user").asText(), line -> line));
    }

    private static JsonNode line(Map<String, JsonNode> lines, String user) {
        return Objects.requireNonNull(lines.get(user), user);
    }

    private static List<JsonNode> allLines(Response answer) {
        answer.then().statusCode(200);
        return answer.asString().lines().map(BulkIT::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }

    // A client that closes its connection in the middle of the answer.
    private List<JsonNode> linesUntilLeaving(String idempotencyKey, String body, int howMany) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        try (Socket socket = post(idempotencyKey, body);
                BufferedReader reader = reader(socket)) {
            while (lines.size() < howMany) {
                lines.add(nextLine(reader));
            }
        }
        return lines;
    }

    private Socket post(String idempotencyKey, String body) throws IOException {
        String token = TestTokens.delegated("0190b3f2-0000-7000-8000-00000000aaaa")
                .permissions("UserAuthenticationMethod.ReadWrite.All")
                .roles(TestTokens.GLOBAL_ADMINISTRATOR)
                .sign();
        Socket socket = new Socket(service.getHost(), service.getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("POST " + BULK + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + idempotencyKey
                                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    // Past the head and the sizes of chunks.
    private static JsonNode nextLine(BufferedReader reader) throws IOException {
        Set<String> head = new HashSet<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("{")) {
                return json(line);
            }
            head.add(line);
        }
        throw new AssertionError("the answer ended: " + head);
    }
}
