package tap.graph.edge;

import java.security.KeyPairGenerator;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.jwt.build.Jwt;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

/** The provider's keys cannot be had, and tokens are judged only where somebody asks. */
@QuarkusTest
@TestProfile(ProviderAwayTest.Away.class)
class ProviderAwayTest {
    /** Nobody listens at port 1. */
    public static class Away implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.oidc.auth-server-url",
                    "http://localhost:1/provider",
                    "quarkus.oidc.connection-timeout",
                    "1s",
                    "quarkus.http.auth.proactive",
                    "false");
        }
    }

    @Test
    void a_token_that_cannot_be_judged_is_nobodys_bad_token() throws Exception {
        String token = Jwt.claims()
                .issuer("https://login.example")
                .audience("tap")
                .subject("s")
                .sign(KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate());
        given().auth()
                .oauth2(token)
                .get("/v1.0/users/u/passes")
                .then()
                .statusCode(503)
                .header("Retry-After", not(nullValue()))
                .body("error.code", equalTo("serviceNotAvailable"));
    }

    @Test
    void no_token_is_no_token() {
        given().get("/v1.0/users/u/passes")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("error.code", equalTo("InvalidAuthenticationToken"));
    }
}
