package tap.policy.api;

import java.util.List;
import java.util.Locale;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.graph.access.Caller;
import tap.graph.access.Operation;
import tap.graph.error.GraphException;
import tap.policy.application.CallerRoles;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static tap.policy.api.Callers.GRACE;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.administrator;
import static tap.policy.api.Callers.scim;
import static tap.policy.api.Callers.with;

/** graph-contract §5, as far as it is about the policy. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class PolicyAccessIT {
    @Inject
    CallerRoles roles;

    @ParameterizedTest
    @CsvSource({
        "62e90394-69f5-4237-9190-012177145e10, 200, 204",
        "7be44c8a-adaf-4e2a-84d6-ab2649e08a13, 200, 403",
        "c4e39bd9-1100-46d3-8c65-fb160da0071f, 200, 403",
        "0526716b-113d-4c15-b2c8-68e3c22b9f80, 200, 204",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451, 200, 403",
        "fe930be7-5e62-47db-91af-98c3a49a38b1, 403, 403"
    })
    void a_delegated_caller_needs_one_of_the_roles(String role, int reading, int writing) {
        TestTokens token = TestTokens.delegated(GRACE)
                .permissions("Policy.ReadWrite.AuthenticationMethod")
                .roles(role);
        with(token).get(TAP).then().statusCode(reading);
        with(token).contentType(ContentType.JSON).body("{}").patch(TAP).then().statusCode(writing);
    }

    @ParameterizedTest
    @CsvSource({
        "Policy.Read.All, 200, 403",
        "Policy.ReadWrite.AuthenticationMethod, 200, 204",
        "UserAuthMethod-TAP.ReadWrite.All, 403, 403",
        "Tap.Directory.ReadWrite.All, 403, 403"
    })
    void every_caller_needs_one_of_the_permissions(String permission, int reading, int writing) {
        for (TestTokens token : List.of(
                TestTokens.application().permissions(permission),
                TestTokens.delegated(GRACE).permissions(permission).roles(TestTokens.GLOBAL_ADMINISTRATOR))) {
            with(token).get(TAP).then().statusCode(reading);
            with(token)
                    .contentType(ContentType.JSON)
                    .body("{}")
                    .patch(TAP)
                    .then()
                    .statusCode(writing);
            if (writing == 403) {
                with(token)
                        .delete(TAP)
                        .then()
                        .statusCode(403)
                        .body("error.code", equalTo("accessDenied"))
                        .body("error.message", equalTo("Request Authorization failed"));
            }
        }
    }

    @Test
    void without_a_token_nobody_gets_in() {
        unauthenticated(RestAssured.get(TAP).then());
        unauthenticated(RestAssured.given()
                .contentType(ContentType.JSON)
                .body("{")
                .patch(TAP)
                .then());
        unauthenticated(RestAssured.delete(TAP).then());
        unauthenticated(RestAssured.get("/scim/v2/Users").then(), "detail");
    }

    @Test
    void a_token_that_does_not_verify_is_none() {
        TestTokens right =
                TestTokens.delegated(GRACE).permissions("Policy.Read.All").roles(TestTokens.GLOBAL_READER);
        with(right).get(TAP).then().statusCode(200);
        unauthenticated(with(TestTokens.delegated(GRACE)
                        .permissions("Policy.Read.All")
                        .roles(TestTokens.GLOBAL_READER)
                        .expired())
                .get(TAP)
                .then());
        unauthenticated(with(TestTokens.delegated(GRACE)
                        .permissions("Policy.Read.All")
                        .roles(TestTokens.GLOBAL_READER)
                        .forged())
                .get(TAP)
                .then());
        unauthenticated(with(TestTokens.delegated(GRACE)
                        .permissions("Policy.Read.All")
                        .roles(TestTokens.GLOBAL_READER)
                        .audience("http://localhost:8080"))
                .get(TAP)
                .then());
        for (TestTokens wrong : List.of(
                TestTokens.delegated(GRACE).issuer("https://elsewhere.example"),
                TestTokens.delegated(GRACE).unsigned(),
                TestTokens.ofRedemption(GRACE),
                TestTokens.ofRedemption(GRACE).audience("http://localhost:8080"),
                TestTokens.ofRedemption(GRACE).forged())) {
            unauthenticated(with(wrong.permissions("Policy.Read.All").roles(TestTokens.GLOBAL_READER))
                    .get(TAP)
                    .then());
        }
        unauthenticated(RestAssured.given().auth().oauth2("nonsense").get(TAP).then());
    }

    @Test
    void roles_of_the_directory_count_as_long_as_it_has_them_and_the_user_is_active() {
        String name = "role-" + UUID.randomUUID();
        String users = "/scim/v2/Users";
        String form = """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%1$s","externalId":"hr-%1$s",
                 "active":%2$s,"roles":[%3$s]}""";
        String reader = "{\"value\":\"Global Reader\"}";
        String id = scim(form.formatted(name, true, reader))
                .post(users)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        for (String subject : List.of(id, id.toUpperCase(Locale.ROOT), "hr-" + name, name.toUpperCase(Locale.ROOT))) {
            assertThat(allowed(subject, Operation.READ_POLICY)).as(subject).isTrue();
            assertThat(allowed(subject, Operation.READ_AUDIT)).as(subject).isTrue();
            assertThat(allowed(subject, Operation.WRITE_POLICY)).as(subject).isFalse();
        }
        assertThat(allowed(UUID.randomUUID().toString(), Operation.READ_POLICY)).isFalse();
        scim(form.formatted(name, false, reader)).put(users + "/" + id).then().statusCode(200);
        assertThat(allowed(id, Operation.READ_POLICY)).isFalse();
        scim(form.formatted(name, true, "")).put(users + "/" + id).then().statusCode(200);
        assertThat(allowed(id, Operation.READ_POLICY)).isFalse();
        scim(form.formatted(name, true, "{\"value\":\"Global Administrator\"}"))
                .put(users + "/" + id)
                .then()
                .statusCode(200);
        assertThat(allowed(id, Operation.WRITE_DIRECTORY)).isTrue();
        administrator().delete(users + "/" + id).then().statusCode(204);
        assertThat(allowed(id, Operation.WRITE_DIRECTORY)).isFalse();
    }

    private boolean allowed(String subject, Operation operation) {
        Caller caller = Caller.Delegated.ofDirectory(subject, operation.permissions());
        try {
            VertxContextSupport.subscribeAndAwait(() -> roles.allow(caller, operation));
            return true;
        } catch (GraphException refused) {
            assertThat(refused.error().status()).isEqualTo(403);
            return false;
        } catch (Throwable failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void unauthenticated(ValidatableResponse response) {
        unauthenticated(response, "error.message");
        response.contentType(ContentType.JSON).body("error.code", equalTo("InvalidAuthenticationToken"));
    }

    private static void unauthenticated(ValidatableResponse response, String message) {
        response.statusCode(401)
                .header("WWW-Authenticate", startsWith("Bearer"))
                .header("request-id", notNullValue())
                .body(message, notNullValue());
    }
}
