package tap.policy.api;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import tap.testkit.infrastructure.TestTokens;

/** Who calls in these tests. */
final class Callers {
    static final String GRACE = "0190b3f2-0000-7000-8000-00000000aaaa";
    static final String TAP =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

    private Callers() {}

    /** May do whatever this service does. */
    static RequestSpecification administrator() {
        return with(TestTokens.delegated(GRACE)
                .permissions(
                        "Policy.ReadWrite.AuthenticationMethod", "Tap.Directory.ReadWrite.All", "Tap.Audit.Read.All")
                .roles(TestTokens.GLOBAL_ADMINISTRATOR));
    }

    static RequestSpecification with(TestTokens token) {
        return RestAssured.given().auth().oauth2(token.sign());
    }

    static RequestSpecification patching(String body) {
        return administrator().contentType(ContentType.JSON).body(body);
    }

    static RequestSpecification scim(String body) {
        return administrator()
                .contentType("application/scim+json; charset=UTF-8")
                .body(body);
    }
}
