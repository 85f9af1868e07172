package tap.redemption.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.redemption.RedemptionProfile;
import tap.redemption.api.TokenEndpoint.Answer;
import tap.testkit.infrastructure.ServiceTestResource;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
class TokenErrorsIT {
    private final TokenEndpoint tokens = new TokenEndpoint();

    private static Map<String, String> form() {
        return new HashMap<>(TokenEndpoint.form(UUID.randomUUID().toString(), "0".repeat(23)));
    }

    private static void assertError(Answer answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).isEqualTo(error);
        assertThat(answer.json().get("error_description").asText()).matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+");
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.body()).doesNotContain("Exception");
    }

    @Test
    void a_missing_parameter_is_an_invalid_request() {
        Map<String, String> form = form();
        form.remove("username");
        assertError(tokens.post(TokenEndpoint.encoded(form)), 400, "invalid_request");
        assertError(tokens.post(""), 400, "invalid_request");
    }

    @Test
    void a_repeated_parameter_is_an_invalid_request() {
        assertError(tokens.post(TokenEndpoint.encoded(form()) + "&username=someone"), 400, "invalid_request");
    }

    @Test
    void an_idempotency_key_is_one_value_of_visible_characters() {
        assertError(tokens.redeemWithKey(form(), "a b"), 400, "invalid_request");
        assertError(tokens.redeemWithKey(form(), "k".repeat(256)), 400, "invalid_request");
        assertError(tokens.redeemWithKeys(form(), "one", "other"), 400, "invalid_request");
        assertError(tokens.redeemWithKey(form(), "k".repeat(255)), 400, "invalid_grant");
    }

    @Test
    void another_content_type_is_an_invalid_request() {
        assertError(tokens.post("{\"grant_type\":\"x\"}", "application/json"), 400, "invalid_request");
    }

    @Test
    void another_grant_type_is_unsupported() {
        Map<String, String> form = form();
        form.put("grant_type", "password");
        assertError(tokens.post(TokenEndpoint.encoded(form)), 400, "unsupported_grant_type");
    }

    @Test
    void an_unknown_client_is_invalid() {
        Map<String, String> form = form();
        form.put("client_id", "nobody");
        Answer answer = tokens.post(TokenEndpoint.encoded(form));
        assertError(answer, 401, "invalid_client");
        assertThat(answer.header("www-authenticate")).isEqualTo("Basic realm=\"tap\"");
    }

    @Test
    void a_confidential_client_authenticates_in_the_header_or_in_the_form() {
        Map<String, String> form = form();
        form.remove("client_id");
        String body = TokenEndpoint.encoded(form);
        for (String secret : List.of(RedemptionProfile.OLD_SECRET, RedemptionProfile.NEW_SECRET)) {
            assertError(tokens.postAs("api", secret, "/oauth2/token", body), 400, "invalid_grant");
            form.put("client_id", "api");
            form.put("client_secret", secret);
            assertError(tokens.post(TokenEndpoint.encoded(form)), 400, "invalid_grant");
        }
        assertError(
                tokens.postAs("other:api", RedemptionProfile.OTHER_SECRET, "/oauth2/token", body),
                400,
                "invalid_grant");
    }

    @Test
    void a_client_that_does_not_authenticate_as_it_must_is_invalid() {
        Map<String, String> form = form();
        String body = TokenEndpoint.encoded(form);
        Answer unknown = tokens.postAs("nobody", RedemptionProfile.NEW_SECRET, "/oauth2/token", "");
        assertError(unknown, 401, "invalid_client");
        assertThat(unknown.header("www-authenticate")).isEqualTo("Basic realm=\"tap\"");
        Answer wrong = tokens.postAs("api", RedemptionProfile.OTHER_SECRET, "/oauth2/token", "");
        assertError(wrong, 401, "invalid_client");
        assertThat(wrong.body()).isEqualTo(unknown.body());
        assertError(tokens.postAs("demo", RedemptionProfile.NEW_SECRET, "/oauth2/token", body), 401, "invalid_client");
        form.put("client_id", "api");
        assertError(tokens.post(TokenEndpoint.encoded(form)), 401, "invalid_client");
        form.put("client_secret", RedemptionProfile.OTHER_SECRET);
        assertError(tokens.post(TokenEndpoint.encoded(form)), 401, "invalid_client");
    }

    @Test
    void a_client_authenticates_in_one_way_at_a_time() {
        Map<String, String> form = form();
        form.put("client_id", "api");
        form.put("client_secret", RedemptionProfile.NEW_SECRET);
        assertError(
                tokens.postAs("api", RedemptionProfile.NEW_SECRET, "/oauth2/token", TokenEndpoint.encoded(form)),
                400,
                "invalid_request");
    }

    @Test
    void a_scope_that_the_client_has_not_is_invalid() {
        Map<String, String> form = form();
        form.put("scope", "enrol everything");
        assertError(tokens.post(TokenEndpoint.encoded(form)), 400, "invalid_scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%00", "%FF", "\u0130%E2%80%AE", "' OR 1=1 --", "1-1-1-1-1"})
    void odd_names_are_nobodys(String name) {
        String body =
                TokenEndpoint.encoded(form()).replaceFirst("username=[^&]*", "username=" + name.replace(" ", "+"));
        Answer answer = tokens.post(body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).isIn("invalid_grant", "invalid_request");
    }

    @Test
    void a_long_code_and_a_long_name_are_refused_like_any_other() {
        Map<String, String> form = form();
        form.put("temporary_access_pass", "7".repeat(5_000));
        form.put("username", "a".repeat(5_000));
        assertError(tokens.post(TokenEndpoint.encoded(form)), 400, "invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(ints = {16 * 1_024 + 1, 100_000, 3_000_000})
    void a_body_that_is_too_large_is_refused_in_the_same_form(int bytes) {
        assertError(tokens.post("a=" + "b".repeat(bytes - 2)), 413, "invalid_request");
    }

    @Test
    void a_chunked_body_that_is_too_large_is_refused_too() throws IOException {
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /oauth2/token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
                            + "Content-Type: application/x-www-form-urlencoded\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String chunk = "2000\r\n" + "a".repeat(0x2000) + "\r\n";
            for (int i = 0; i < 3; i++) {
                out.write(chunk.getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 413");
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH"})
    void other_methods_are_not_taken(String method) {
        for (String path : List.of("/oauth2/token", "/oauth2/introspect", "/oauth2/revoke")) {
            Answer answer = tokens.send(HttpRequest.newBuilder(TokenEndpoint.at(path))
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build());
            assertError(answer, 405, "invalid_request");
            assertThat(answer.header("allow")).contains("POST");
        }
    }

    @Test
    void there_are_no_other_endpoints() {
        assertError(
                tokens.send(HttpRequest.newBuilder(TokenEndpoint.at("/oauth2/other"))
                        .build()),
                404,
                "invalid_request");
        assertThat(tokens.send(HttpRequest.newBuilder(TokenEndpoint.at("/.well-known/other"))
                                .build())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void the_metadata_is_that_of_rfc_8414() {
        Answer answer = tokens.send(HttpRequest.newBuilder(TokenEndpoint.at("/.well-known/oauth-authorization-server"))
                .build());
        assertThat(answer.status()).isEqualTo(200);
        JsonNode metadata = answer.json();
        assertThat(metadata.get("issuer").asText()).isEqualTo("http://localhost:8080");
        assertThat(metadata.get("token_endpoint").asText()).isEqualTo("http://localhost:8080/oauth2/token");
        assertThat(metadata.get("jwks_uri").asText()).isEqualTo("http://localhost:8080/.well-known/jwks.json");
        assertThat(metadata.get("grant_types_supported")).hasToString("[\"" + TokenEndpoint.GRANT + "\"]");
        assertThat(metadata.get("response_types_supported")).isEmpty();
        assertThat(metadata.get("token_endpoint_auth_methods_supported"))
                .hasToString("[\"none\",\"client_secret_basic\",\"client_secret_post\"]");
        assertThat(metadata.get("introspection_endpoint").asText())
                .isEqualTo("http://localhost:8080/oauth2/introspect");
        assertThat(metadata.get("introspection_endpoint_auth_methods_supported"))
                .hasToString("[\"client_secret_basic\",\"client_secret_post\"]");
        assertThat(metadata.get("revocation_endpoint").asText()).isEqualTo("http://localhost:8080/oauth2/revoke");
        assertThat(metadata.get("revocation_endpoint_auth_methods_supported"))
                .hasToString("[\"none\",\"client_secret_basic\",\"client_secret_post\"]");
        assertThat(metadata.get("scopes_supported")).hasToString("[\"enrol\",\"profile\"]");
    }

    @Test
    void the_service_says_how_it_is() {
        // a pod that has just started answers 503 until its copies have caught up, and says which have not
        Awaitility.await()
                .untilAsserted(() -> assertThat(tokens.send(HttpRequest.newBuilder(TokenEndpoint.at("/q/health/ready"))
                                        .build())
                                .status())
                        .isEqualTo(200));
        for (String path : List.of("/q/health/live", "/q/health/ready", "/q/openapi", "/q/metrics")) {
            Answer answer =
                    tokens.send(HttpRequest.newBuilder(TokenEndpoint.at(path)).build());
            assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        }
        assertThat(tokens.send(HttpRequest.newBuilder(TokenEndpoint.at("/q/openapi"))
                                .build())
                        .body())
                .contains("temporary_access_pass")
                .doesNotContain("RoutingContext");
    }
}
