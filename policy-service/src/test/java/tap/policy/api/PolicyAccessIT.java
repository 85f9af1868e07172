package tap.policy.api;

import java.util.List;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;
import static tap.policy.api.Callers.GRACE;
import static tap.policy.api.Callers.TAP;
import static tap.policy.api.Callers.with;

/** graph-contract §5, as far as it is about the policy. */
@QuarkusTest
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_policy"))
@QuarkusTestResource(FollowersOfTests.class)
class PolicyAccessIT {
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
        unauthenticated(RestAssured.given().auth().oauth2("nonsense").get(TAP).then());
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
