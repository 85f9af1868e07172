package tap.testkit.infrastructure;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;

/**
 * Makes bearer tokens for the service under test, right ones and wrong ones: {@code
 * TestTokens.delegated(userId).permissions("Policy.Read.All").roles(TestTokens.GLOBAL_READER).sign()}. The claims are those of
 * the development tokens: {@code scp}, {@code wids} and {@code oid}, or {@code roles} and {@code idtyp} for applications.
 */
public final class TestTokens {
    /** Template id of Global Administrator. */
    public static final String GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10";

    /** Template id of Privileged Authentication Administrator. */
    public static final String PRIVILEGED_AUTHENTICATION_ADMINISTRATOR = "7be44c8a-adaf-4e2a-84d6-ab2649e08a13";

    /** Template id of Authentication Administrator. */
    public static final String AUTHENTICATION_ADMINISTRATOR = "c4e39bd9-1100-46d3-8c65-fb160da0071f";

    /** Template id of Authentication Policy Administrator. */
    public static final String AUTHENTICATION_POLICY_ADMINISTRATOR = "0526716b-113d-4c15-b2c8-68e3c22b9f80";

    /** Template id of Global Reader. */
    public static final String GLOBAL_READER = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";

    /** Where {@link ServiceTestResource} leaves the issuer's URL, across class loaders. */
    static final String ISSUER_PROPERTY = "tap.testkit.issuer";

    private final JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
    private final boolean application;
    private ECKey key = TestAuthorizationServer.key();
    private JOSEObjectType type = JOSEObjectType.JWT;
    private boolean unsigned;
    private Instant issuedAt = Instant.now();
    private Duration lifetime = Duration.ofHours(1);

    private TestTokens(boolean application, String subject) {
        this.application = application;
        claims.issuer(System.getProperty(ISSUER_PROPERTY, "http://127.0.0.1"))
                .audience("tap")
                .subject(subject)
                .jwtID(UUID.randomUUID().toString());
    }

    /** A token of a user, by id, who acts through an application. */
    public static TestTokens delegated(String userId) {
        return new TestTokens(false, userId).claim("oid", userId);
    }

    /** A token of an application that acts for itself. */
    public static TestTokens application() {
        return new TestTokens(true, "test-application").claim("idtyp", "app");
    }

    /**
     * A token as redemption-service gives to a user who redeemed a pass (RFC 9068), with all that could mislead: its audience and its
     * scopes are those of an administrator's.
     */
    public static TestTokens ofRedemption(String userId) {
        TestTokens token =
                delegated(userId).issuer("http://localhost:8080").type("at+jwt").roles(GLOBAL_ADMINISTRATOR);
        token.key = TestAuthorizationServer.newKey();
        return token;
    }

    /** What the application may do. */
    public TestTokens permissions(String... permissions) {
        return application ? claim("roles", List.of(permissions)) : claim("scp", String.join(" ", permissions));
    }

    /** The administrator roles of the user, by template id. */
    public TestTokens roles(String... templateIds) {
        return claim("wids", List.of(templateIds));
    }

    /** Any claim; replaces one that is there. */
    public TestTokens claim(String name, Object value) {
        claims.claim(name, value);
        return this;
    }

    /** A token that nobody here accepts: it ended a minute ago. */
    public TestTokens expired() {
        issuedAt = Instant.now().minus(Duration.ofHours(1));
        lifetime = Duration.ofMinutes(59);
        return this;
    }

    /** A token for somebody else. */
    public TestTokens audience(String audience) {
        claims.audience(audience);
        return this;
    }

    /** A token of another issuer, signed with the right key nevertheless. */
    public TestTokens issuer(String issuer) {
        claims.issuer(issuer);
        return this;
    }

    /** What the header says that it is, {@code JWT} unless told. */
    public TestTokens type(String typ) {
        type = new JOSEObjectType(typ);
        return this;
    }

    /** A token that says of itself that it needs no signature ({@code alg} none). */
    public TestTokens unsigned() {
        unsigned = true;
        return this;
    }

    /** A forged token: signed with a key of the forger's own, under the name of the right one. */
    public TestTokens forged() {
        key = new ECKey.Builder(TestAuthorizationServer.newKey())
                .keyID(key.getKeyID())
                .build();
        return this;
    }

    /** The token as it goes behind {@code Bearer}. */
    public String sign() {
        JWTClaimsSet said = claims.issueTime(Date.from(issuedAt))
                .notBeforeTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plus(lifetime)))
                .build();
        if (unsigned) {
            return new PlainJWT(said).serialize();
        }
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(type)
                        .keyID(key.getKeyID())
                        .build(),
                said);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
