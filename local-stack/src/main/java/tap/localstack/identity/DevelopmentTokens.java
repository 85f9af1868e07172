package tap.localstack.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/** Makes access tokens of the development authorization server (design.md §11, graph-contract.md §5). */
public final class DevelopmentTokens {
    /** The audience of TAP's administrative APIs in the development stack. */
    public static final String AUDIENCE = "tap";

    /** Every permission of graph-contract.md §5. */
    public static final List<String> ALL_PERMISSIONS = List.of(
            "UserAuthMethod-TAP.Read",
            "UserAuthMethod-TAP.Read.All",
            "UserAuthMethod-TAP.ReadWrite",
            "UserAuthMethod-TAP.ReadWrite.All",
            "UserAuthenticationMethod.Read",
            "UserAuthenticationMethod.Read.All",
            "UserAuthenticationMethod.ReadWrite",
            "UserAuthenticationMethod.ReadWrite.All",
            "Policy.Read.All",
            "Policy.ReadWrite.AuthenticationMethod",
            "Tap.Directory.ReadWrite.All",
            "Tap.Audit.Read.All");

    private static final Duration LIFETIME = Duration.ofHours(8);

    private final RSAKey key;
    private final String issuer;

    /**
     * @param key signs
     * @param issuer the development authorization server's URL
     */
    public DevelopmentTokens(RSAKey key, String issuer) {
        this.key = key;
        this.issuer = issuer;
    }

    /**
     * A token of somebody who acts through an application.
     *
     * @param userId who acts
     * @param role the administrator role that the user has, or null
     * @param permissions what the application was consented to
     */
    public String delegated(String userId, @Nullable AdministratorRole role, List<String> permissions) {
        JWTClaimsSet.Builder claims = claims(userId).claim("oid", userId).claim("scp", String.join(" ", permissions));
        if (role != null) {
            claims.claim("wids", List.of(role.templateId()));
        }
        return sign(claims.build());
    }

    /** A token of an application that acts for itself, with these permissions. */
    public String application(List<String> permissions) {
        return sign(claims("development-application")
                .claim("idtyp", "app")
                .claim("roles", permissions)
                .build());
    }

    private JWTClaimsSet.Builder claims(String subject) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(AUDIENCE)
                .subject(subject)
                .claim("azp", "development")
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
    }

    private String sign(JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }
}
