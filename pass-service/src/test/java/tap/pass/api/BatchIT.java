package tap.pass.api;

import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

/** Graph's JSON batching: each part as if it had come alone. */
@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class BatchIT {
    @BeforeEach
    void policy() {
        Surroundings.policy(true, false, 24, Surroundings.EVERYBODY, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1.0/$batch", "/beta/$batch", "/v1.0/%24batch"})
    void each_request_is_answered_as_if_it_had_come_alone(String batch) {
        UUID user = user();
        String version = batch.startsWith("/beta") ? "beta" : "v1.0";
        posting(batch(
                        part("1", "POST", relative(user), "\"body\":{\"lifetimeInMinutes\":90}"),
                        part("2", "GET", relative(user).substring(1), "\"dependsOn\":[\"1\"]"),
                        part("3", "GET", relative(user) + "/$count", "\"dependsOn\":[\"1\"]"),
                        part("4", "GET", relative(UUID.randomUUID()), null),
                        part("5", "GET", "/nowhere", null)))
                .post(batch)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("Cache-Control", "no-store")
                .body("responses", hasSize(5))
                .body(answer("1", "status"), equalTo(201))
                .body(answer("1", "headers.'Tap-Confirmation'"), equalTo("confirmed"))
                .body(answer("1", "headers.'Content-Type'"), startsWith("application/json"))
                .body(answer("1", "headers.request-id"), notNullValue())
                .body(answer("1", "body.temporaryAccessPass"), matchesPattern("[0-9A-Z]{24}"))
                .body(answer("1", "body.lifetimeInMinutes"), equalTo(90))
                .body(answer("1", "body.'@odata.context'"), containsString("/" + version + "/$metadata#users('" + user))
                .body(answer("2", "status"), equalTo(200))
                .body(answer("2", "body.value"), hasSize(1))
                .body(answer("2", "body.value[0].temporaryAccessPass"), nullValue())
                .body(answer("3", "body"), equalTo("1"))
                .body(answer("4", "status"), equalTo(404))
                .body(answer("4", "body.error.code"), equalTo("Request_ResourceNotFound"))
                .body(answer("5", "status"), equalTo(404))
                .body(answer("5", "body.error.code"), equalTo("resourceNotFound"));
    }

    @Test
    void what_depends_on_a_failure_fails_and_has_no_effect() {
        UUID user = user();
        posting(batch(
                        part("issue", "POST", relative(user), "\"body\":{\"lifetimeInMinutes\":1}"),
                        part("again", "POST", relative(user), "\"body\":{},\"dependsOn\":[\"ISSUE\"]"),
                        part("last", "GET", relative(user), "\"dependsOn\":[\"again\"]"),
                        part("free", "GET", relative(user), null)))
                .post("/v1.0/$batch")
                .then()
                .statusCode(200)
                .body(answer("issue", "status"), equalTo(400))
                .body(answer("again", "status"), equalTo(424))
                .body(answer("again", "body.error.code"), equalTo("failedDependency"))
                .body(answer("again", "body.error.innerError.request-id"), notNullValue())
                .body(answer("last", "status"), equalTo(424))
                .body(answer("free", "status"), equalTo(200))
                .body(answer("free", "body.value"), empty());
    }

    @Test
    void urls_that_lead_elsewhere_fail_alone() {
        posting(batch(
                        part("1", "GET", "https://graph.microsoft.com/v1.0/me", null),
                        part("2", "GET", "/v1.0/../q/metrics", null),
                        part("3", "POST", "/$batch", "\"body\":{\"requests\":[]}"),
                        part("4", "POST", "/temporaryAccessPassMethods/bulk", "\"body\":{}"),
                        part("5", "GET", "/policies/authenticationMethodsPolicy", null),
                        part("6", "GET", relative(user()), null)))
                .post("/v1.0/$batch")
                .then()
                .statusCode(200)
                .body(answer("1", "status"), equalTo(400))
                .body(answer("2", "status"), equalTo(400))
                .body(answer("3", "status"), equalTo(400))
                .body(answer("4", "status"), equalTo(400))
                .body(answer("5", "status"), equalTo(404))
                .body(answer("6", "status"), equalTo(200));
    }

    @Test
    void a_key_and_an_id_of_the_client_arrive_with_the_part_that_has_them() {
        UUID user = user();
        String keyed = part(
                "1",
                "POST",
                relative(user),
                "\"body\":{},\"headers\":{\"Idempotency-Key\":\"" + user
                        + "\",\"client-request-id\":\"mine\",\"Content-Type\":\"application/json\"}");
        String plain = part("2", "GET", relative(user), null);
        for (int status : List.of(201, 200)) {
            posting(batch(keyed, plain))
                    .header("client-request-id", "the-whole")
                    .post("/v1.0/$batch")
                    .then()
                    .body(answer("1", "status"), equalTo(status))
                    .body(answer("1", "headers.client-request-id"), equalTo("mine"))
                    .body(answer("2", "headers.client-request-id"), equalTo("the-whole"));
        }
    }

    @Test
    void who_may_what_is_judged_for_each() {
        UUID other = user();
        UUID self = user();
        posting("{}").post(passes(self)).then().statusCode(201);
        with(TestTokens.delegated(self.toString()).permissions("UserAuthMethod-TAP.ReadWrite"))
                .contentType(ContentType.JSON)
                .body(batch(
                        part("own", "GET", "/me/authentication/temporaryAccessPassMethods", null),
                        part("others", "GET", relative(other), null),
                        part(
                                "forged",
                                "GET",
                                relative(other),
                                "\"headers\":{\"Authorization\":\"Bearer "
                                        + TestTokens.application()
                                                .permissions("UserAuthMethod-TAP.ReadWrite.All")
                                                .sign()
                                        + "\"}")))
                .post("/v1.0/$batch")
                .then()
                .statusCode(200)
                .body(answer("own", "status"), equalTo(200))
                .body(answer("others", "status"), equalTo(403))
                .body(answer("forged", "status"), equalTo(403));
        RestAssured.given()
                .contentType(ContentType.JSON)
                .body(batch(part("1", "GET", relative(other), null)))
                .urlEncodingEnabled(false)
                .post("/v1.0/$batch")
                .then()
                .statusCode(401)
                .body("error.code", equalTo("InvalidAuthenticationToken"));
    }

    @Test
    void twenty_at_once_are_all_answered() {
        List<UUID> users = Stream.generate(Surroundings::user).limit(20).toList();
        ValidatableResponse answer = posting(batch(users.stream()
                        .map(user -> part(user.toString(), "POST", relative(user), "\"body\":{}"))
                        .toArray(String[]::new)))
                .post("/v1.0/$batch")
                .then()
                .statusCode(200)
                .body("responses.status", everyItem(equalTo(201)));
        users.forEach(user -> answer.body("responses.id", hasItem(user.toString())));
    }

    @Test
    void what_is_no_batch_is_refused_as_a_whole() {
        UUID user = user();
        String issue = part("1", "POST", relative(user), "\"body\":{}");
        for (String body : List.of(
                "{}",
                "[]",
                batch(),
                batch(issue, issue),
                batch(issue, part("2", "GET", "/x", "\"dependsOn\":[\"3\"]")))) {
            posting(body).post("/v1.0/$batch").then().statusCode(400).body("error.code", equalTo("badRequest"));
        }
        administrator().get(passes(user)).then().body("value", empty());
        administrator().get("/v1.0/$batch").then().statusCode(405).body("error.code", equalTo("notAllowed"));
        posting("{}").post("/v1.0/$batch/").then().statusCode(400).body("error.message", endsWith("requests."));
    }

    private static String relative(UUID user) {
        return "/users/" + user + "/authentication/temporaryAccessPassMethods";
    }

    private static String answer(String id, String member) {
        return "responses.find{it.id=='" + id + "'}."
                + member.replace("request-id", "'request-id'").replace("client-'", "'client-");
    }

    private static String part(String id, String method, String url, @org.jspecify.annotations.Nullable String more) {
        return "{\"id\":\"" + id + "\",\"method\":\"" + method + "\",\"url\":\"" + url + "\""
                + (more == null ? "" : "," + more) + "}";
    }

    private static String batch(String... parts) {
        return Stream.of(parts).collect(Collectors.joining(",", "{\"requests\":[", "]}"));
    }
}
