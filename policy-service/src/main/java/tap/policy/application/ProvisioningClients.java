package tap.policy.application;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who may provision by a secret in place of a token. One SHA-256 is enough, because a secret is random and long: there is nothing to
 * guess that a slower hash would defend (docs/adr/0014-provisioning-secret.md).
 */
public final class ProvisioningClients {
    /** Shorter secrets are taken from nobody: 32 characters of base64 are 192 bits, of hexadecimal 128. */
    static final int SHORTEST_SECRET = 32;

    static final int LONGEST_SECRET = 512;
    private static final int HASH_BYTES = 32;

    private final Map<String, List<byte[]>> hashes = new TreeMap<>();

    /**
     * Takes what is configured.
     *
     * @throws IllegalArgumentException naming the key of what is no SHA-256, and never its value: it may be a secret in the wrong place
     */
    public ProvisioningClients(PolicyServiceConfig.Scim config) {
        config.clients()
                .forEach((client, settings) -> hashes.put(
                        client,
                        settings.secrets().stream()
                                .map(hash -> bytes(client, hash))
                                .toList()));
    }

    private static byte[] bytes(String client, String hash) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hash.strip());
            if (bytes.length == HASH_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // its message quotes the value
        }
        throw new IllegalArgumentException(
                "tap.scim.clients." + client + ".secrets: expected the SHA-256 of a secret, 64 hexadecimal digits");
    }

    /** How many clients are configured. */
    public int count() {
        return hashes.size();
    }

    /** The name of the client whose secret this is. The time it takes tells nothing of the secrets that are valid. */
    public Optional<String> presenting(String secret) {
        if (secret.length() < SHORTEST_SECRET || secret.length() > LONGEST_SECRET) {
            return Optional.empty();
        }
        byte[] presented = sha256(secret);
        Optional<String> client = Optional.empty();
        for (Map.Entry<String, List<byte[]>> one : hashes.entrySet()) {
            for (byte[] hash : one.getValue()) {
                if (MessageDigest.isEqual(presented, hash)) {
                    client = Optional.of(one.getKey());
                }
            }
        }
        return client;
    }

    private static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
