package tap.policy.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;

/** A provisioning client with two valid secrets, as while they are changed; both are made for this run. */
public final class ProvisioningClientOfTests implements QuarkusTestResourceLifecycleManager {
    // system properties, because Quarkus loads this class and the tests in class loaders that differ
    private static final String OLD = "tap.tests.scim-secret.old";
    private static final String NEW = "tap.tests.scim-secret.new";

    @Override
    public Map<String, String> start() {
        return Map.of("tap.scim.clients.tests.secrets", hashOfNew(OLD) + "," + hashOfNew(NEW));
    }

    @Override
    public void stop() {
        System.clearProperty(OLD);
        System.clearProperty(NEW);
    }

    static String oldSecret() {
        return System.getProperty(OLD, "");
    }

    static String newSecret() {
        return System.getProperty(NEW, "");
    }

    static RequestSpecification presenting(String secret) {
        return RestAssured.given().header("Authorization", "Bearer " + secret);
    }

    private static String hashOfNew(String property) {
        String secret = "tap-scim-" + UUID.randomUUID();
        System.setProperty(property, secret);
        return sha256(secret);
    }

    /** As {@code printf %s "$SECRET" | sha256sum} does it. */
    static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
