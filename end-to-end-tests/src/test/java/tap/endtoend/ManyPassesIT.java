package tap.endtoend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

/** Many passes in one request, through the gateway: a stream that broke off is taken up again, by whichever pod. */
class ManyPassesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MEMBERS = 30;

    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @Test
    void a_bulk_that_broke_off_is_taken_up_again_and_its_codes_sign_in() throws Exception {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            users.add(administrator.user("many-" + UUID.randomUUID() + "@example.com"));
        }
        String group = administrator.group("many " + UUID.randomUUID(), users.toArray(String[]::new));
        String key = UUID.randomUUID().toString();
        JsonNode first;
        try (BufferedReader lines = lines(bulk(group, key))) {
            first = JSON.readTree(lines.readLine());
        }
        assertThat(first.path("status").asInt()).isEqualTo(201);

        Map<String, JsonNode> rest = new HashMap<>();
        await("the turn of the one who left").atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            HttpResponse<InputStream> answer = bulk(group, key);
            try (BufferedReader lines = lines(answer)) {
                assertThat(answer.statusCode()).isEqualTo(200);
                lines.lines()
                        .map(ManyPassesIT::json)
                        .forEach(line -> rest.put(line.path("user").asText(), line));
            }
        });
        assertThat(rest.keySet()).containsExactlyInAnyOrderElementsOf(users);
        JsonNode again = Objects.requireNonNull(rest.get(first.path("user").asText()));
        assertThat(again.path("passId").asText())
                .isEqualTo(first.path("pass").path("id").asText());
        assertThat(stack.execute(
                        "tap_pass",
                        "SELECT count(*) FROM event WHERE type = 'pass-issued.v1' AND stream_id IN ("
                                + users.stream().map(id -> "'" + id + "'").collect(Collectors.joining(",")) + ")"))
                .isEqualTo(MEMBERS);
        SignIn signIn = stack.signIn();
        signIn.redeem(
                        first.path("user").asText(),
                        first.path("pass").path("temporaryAccessPass").asText())
                .then()
                .statusCode(200);
    }

    @Test
    void a_batch_goes_through_the_gateway_and_keeps_its_order() {
        String user = administrator.user("batch-" + UUID.randomUUID() + "@example.com");
        String passes = "/users/" + user + "/authentication/temporaryAccessPassMethods";
        given().baseUri(stack.gateway())
                .auth()
                .oauth2(administrator.token())
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "requests",
                        List.of(
                                Map.of("id", "list", "method", "GET", "url", passes, "dependsOn", List.of("issue")),
                                Map.of("id", "issue", "method", "POST", "url", passes, "body", Map.of()),
                                Map.of("id", "bad", "method", "POST", "url", passes, "body", Map.of("colour", "red")),
                                Map.of("id", "never", "method", "GET", "url", passes, "dependsOn", List.of("bad")))))
                .post("/v1.0/$batch")
                .then()
                .statusCode(200)
                .body("responses", hasSize(4))
                .body("responses.find{it.id=='issue'}.status", equalTo(201))
                .body(
                        "responses.find{it.id=='issue'}.body.'@odata.context'",
                        equalTo(stack.gateway() + "/v1.0/$metadata#users('" + user
                                + "')/authentication/temporaryAccessPassMethods/$entity"))
                .body("responses.find{it.id=='list'}.body.value", hasSize(1))
                .body("responses.find{it.id=='bad'}.status", equalTo(400))
                .body("responses.find{it.id=='never'}.status", equalTo(424));
    }

    private HttpResponse<InputStream> bulk(String group, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(stack.gateway() + "/v1.0/temporaryAccessPassMethods/bulk"))
                .header("Authorization", "Bearer " + administrator.token())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"groupId\":\"" + group + "\"}"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    private static BufferedReader lines(HttpResponse<InputStream> answer) {
        return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("no JSON: " + line, e);
        }
    }
}
