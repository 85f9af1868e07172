package tap.endtoend;

import java.net.URI;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.restassured.response.Response;

import static io.restassured.RestAssured.given;

/** A client that signs users in with their passes, and a resource that checks the tokens, as any relying party would. */
final class SignIn {
    private final String gateway;

    SignIn(String gateway) {
        this.gateway = gateway;
    }

    Response redeem(String userName, String code) {
        return given().baseUri(gateway)
                .formParam("grant_type", "urn:tap:grant-type:temporary-access-pass")
                .formParam("client_id", "demo")
                .formParam("username", userName)
                .formParam("temporary_access_pass", code)
                .post("/oauth2/token");
    }

    /** Checks an access token against the keys that RFC 8414 metadata point to, and returns its claims. */
    JWTClaimsSet verified(String accessToken) {
        String keys = given().baseUri(gateway)
                .get("/.well-known/oauth-authorization-server")
                .then()
                .statusCode(200)
                .extract()
                .path("jwks_uri");
        try {
            JWKSource<SecurityContext> source =
                    JWKSourceBuilder.create(URI.create(keys).toURL()).build();
            DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
            processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
            processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, source));
            return processor.process(accessToken, null);
        } catch (Exception e) {
            throw new AssertionError("the token does not verify", e);
        }
    }
}
