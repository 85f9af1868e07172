package tap.redemption;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTestProfile;

/**
 * The clients that the tests know: {@code demo}, with an audience and scopes of its own, {@code plain}, without, and two confidential
 * ones: {@code api}, with demo's audience and a secret that is being changed, and {@code other:api}, with the issuer as its audience.
 * The tests are a proxy that is trusted, and can say where a request comes from.
 */
public final class RedemptionProfile implements QuarkusTestProfile {
    /** A secret of the client api, with what a form has to encode. */
    public static final String OLD_SECRET = "old+secret/of%api:with spaces & 32 characters";

    /** The other one. */
    public static final String NEW_SECRET = "new-secret-of-api-with-32-characters";

    /** The secret of the client other:api. */
    public static final String OTHER_SECRET = "secret-of-other-api-with-32-characters";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.ofEntries(
                Map.entry("tap.clients.demo.audience", "https://demo.example"),
                Map.entry("tap.clients.demo.scopes", "enrol,profile"),
                Map.entry("tap.clients.plain.amr", "otp"),
                Map.entry("tap.clients.api.type", "confidential"),
                Map.entry("tap.clients.api.secrets", sha256(OLD_SECRET) + "," + sha256(NEW_SECRET)),
                Map.entry("tap.clients.api.audience", "https://demo.example"),
                Map.entry("tap.clients.\"other:api\".type", "confidential"),
                Map.entry("tap.clients.\"other:api\".secrets", sha256(OTHER_SECRET)),
                Map.entry("tap.sources.trusted-proxies", "127.0.0.0/8,::1"),
                Map.entry("tap.sources.burst", "40"),
                Map.entry("tap.sources.per-second", "1"),
                Map.entry("tap.sources.overall-burst", "100000"));
    }

    /** As {@code printf %s "$SECRET" | sha256sum} does it. */
    public static String sha256(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
