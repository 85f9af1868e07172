package tap.endtoend;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

/** Bad input is normal input: the protocol's own error, the right status, never a stack trace, never a 500. */
class BadInputIT {
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    private static final String PASSES = "/v1.0/users/{user}/authentication/temporaryAccessPassMethods";

    private final Stack stack = Stack.running();
    private final String gateway = stack.gateway();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final String token = administrator.token();

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @ParameterizedTest(name = "{0} to policy: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "malformed JSON | {\"state\": ",
                "not an object | [1,2]",
                "wrong type | {\"isUsableOnce\":\"perhaps\"}",
                "a fraction | {\"defaultLength\":8.5}",
                "too long a code | {\"defaultLength\":49}",
                "unknown member | {\"colour\":\"red\"}",
                "inconsistent | {\"defaultLifetimeInMinutes\":43200}",
                "duplicate member | {\"state\":\"enabled\",\"state\":\"disabled\"}",
                "huge number | {\"defaultLength\":1e400}",
                "no such state | {\"state\":\"on\"}"
            })
    void policy(String what, String body) {
        graphError(admin().contentType("application/json").body(body).patch(POLICY), 400, "badRequest");
    }

    @Test
    void an_offer_to_speak_http_2_is_passed_over() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(gateway + POLICY)).header("Authorization", "Bearer " + token);
            assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            HttpRequest patch = request.header("Content-Type", "application/json")
                    .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"state\":\"enabled\"}"))
                    .build();
            assertThat(client.send(patch, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(204);
        }
    }

    @ParameterizedTest(name = "{0} to passes: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "malformed JSON | {",
                "wrong type | {\"lifetimeInMinutes\":\"long\"}",
                "out of range | {\"lifetimeInMinutes\":9}",
                "unknown member | {\"colour\":\"red\"}",
                "start in the past | {\"startDateTime\":\"2020-01-01T00:00:00Z\"}",
                "start too far ahead | {\"startDateTime\":\"2999-01-01T00:00:00Z\"}",
                "no date | {\"startDateTime\":\"tomorrow\"}",
                "contradiction | {\"isUsableOnce\":true,\"maximumUses\":3}",
                "deep nesting | {\"lifetimeInMinutes\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
            })
    void passes(String what, String body) {
        String name = "bad-" + UUID.randomUUID() + "@example.com";
        administrator.user(name);
        graphError(admin().contentType("application/json").body(body).post(PASSES, name), 400, "badRequest");
        administrator.list(name).then().statusCode(200).body("value.size()", equalTo(0));
    }

    @Test
    void oversized_body() {
        String body = "{\"state\":\"" + "x".repeat(2_000_000) + "\"}";
        graphError(admin().contentType("application/json").body(body).patch(POLICY), 413, null);
    }

    @Test
    void wrong_media_type() {
        graphError(admin().contentType("text/plain").body("enabled").patch(POLICY), 415, null);
    }

    @Test
    void unknown_user_and_pass() {
        Response unknown = admin().contentType("application/json").body("{}").post(PASSES, "nobody@example.com");
        graphError(unknown, 404, "Request_ResourceNotFound");
        assertThat(unknown.<String>path("error.message"))
                .isEqualTo(
                        "Resource 'nobody@example.com' does not exist or one of its queried reference-property objects"
                                + " are not present.");
        String name = "bad-" + UUID.randomUUID() + "@example.com";
        administrator.user(name);
        graphError(admin().get(PASSES + "/" + UUID.randomUUID(), name), 404, "resourceNotFound");
        graphError(admin().get(PASSES + "/no-guid", name), 404, "resourceNotFound");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1.0/nowhere",
        "/",
        "/v1.0/policies/nowhere",
        "/v1.0/users/x/authentication/nowhere",
        "/beta/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/Fido2"
    })
    void no_such_route(String path) {
        graphError(admin().get(path), 404, null);
    }

    @Test
    void no_such_method() {
        graphError(admin().contentType("application/json").body("{}").put(POLICY), 405, null);
    }

    @Test
    void without_or_with_a_wrong_token() {
        for (RequestSpecification asking : new RequestSpecification[] {
            given().baseUri(gateway),
            given().baseUri(gateway).auth().oauth2("not-a-token"),
            given().baseUri(gateway).auth().oauth2(token + "x")
        }) {
            Response answer = asking.get(PASSES, "someone");
            graphError(answer, 401, "InvalidAuthenticationToken");
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        }
        graphError(given().baseUri(gateway).get(POLICY), 401, "InvalidAuthenticationToken");
        given().baseUri(gateway).get("/scim/v2/Users").then().statusCode(401);
    }

    @Test
    void the_wrong_role() {
        Administrator reader = stack.administrator("Global Reader");
        graphError(reader.configure(Map.of("state", "disabled")), 403, "accessDenied");
        String name = "bad-" + UUID.randomUUID() + "@example.com";
        administrator.user(name);
        graphError(reader.issue(name, Map.of()), 403, "accessDenied");
        reader.list(name).then().statusCode(200);
    }

    @ParameterizedTest(name = "{0} to scim: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "malformed JSON | {",
                "no user name | {\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"]}"
            })
    void scim(String what, String body) {
        admin().contentType("application/scim+json")
                .body(body)
                .post("/scim/v2/Users")
                .then()
                .statusCode(400)
                .body("schemas[0]", equalTo("urn:ietf:params:scim:api:messages:2.0:Error"))
                .body("status", notNullValue());
    }

    @Test
    void a_user_name_is_taken_once() {
        String name = "Taken-" + UUID.randomUUID() + "@example.com";
        administrator.user(name);
        administrator
                .createUser(name.toUpperCase(java.util.Locale.ROOT))
                .then()
                .statusCode(409)
                .body("scimType", equalTo("uniqueness"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "another grant | grant_type=password&client_id=demo&username=a&password=b | unsupported_grant_type",
                "no grant | client_id=demo&username=a | invalid_request",
                "no client | grant_type=urn:tap:grant-type:temporary-access-pass&username=a&temporary_access_pass=b |"
                        + " invalid_request",
                "no user | grant_type=urn:tap:grant-type:temporary-access-pass&client_id=demo&temporary_access_pass=b |"
                        + " invalid_request",
                "twice | grant_type=urn:tap:grant-type:temporary-access-pass&client_id=demo&username=a&username=b"
                        + "&temporary_access_pass=c | invalid_request"
            })
    void token(String what, String form, String error) {
        Response answer = given().baseUri(gateway)
                .contentType("application/x-www-form-urlencoded")
                .body(form.strip())
                .post("/oauth2/token");
        assertThat(answer.statusCode()).isIn(400, 401);
        answer.then().body("error", equalTo(error));
    }

    @Test
    void token_as_json() {
        given().baseUri(gateway)
                .contentType("application/json")
                .body("{}")
                .post("/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
    }

    private RequestSpecification admin() {
        return given().baseUri(gateway).auth().oauth2(token);
    }

    private static void graphError(Response answer, int status, @org.jspecify.annotations.Nullable String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/json")
                .body("error.code", code == null ? notNullValue() : equalTo(code))
                .body("error.message", notNullValue())
                .body("error.innerError.'request-id'", equalTo(answer.header("request-id")));
        assertThat(answer.asString()).doesNotContain("Exception").doesNotContain("\tat ");
    }
}
