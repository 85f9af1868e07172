package tap.secrets;

import java.util.HexFormat;
import java.util.List;

/**
 * The secrets of one client, as the configuration holds them: the SHA-256 of each. One SHA-256 is enough, because a secret is random
 * and long: there is nothing to guess that a slower hash would defend (docs/adr/0014-provisioning-secret.md). Several may be valid,
 * so that a secret can be changed without a moment in which the client is refused.
 */
public final class SecretHashes {
    private static final int HASH_BYTES = 32;

    /** Those of a client that there is not: no secret is among them, and finding that out takes as long as for any other. */
    public static final SecretHashes OF_NOBODY = new SecretHashes(List.of(new byte[HASH_BYTES]));

    private final List<byte[]> hashes;

    private SecretHashes(List<byte[]> hashes) {
        this.hashes = hashes;
    }

    /**
     * Takes what is configured.
     *
     * @param key the configuration's key, for messages
     * @param hashes each the SHA-256 of a secret, in hexadecimal of either case
     * @throws IllegalArgumentException naming the key of what is no SHA-256, and never its value: it may be a secret in the wrong place
     */
    public static SecretHashes of(String key, List<String> hashes) {
        return new SecretHashes(hashes.stream().map(hash -> bytes(key, hash)).toList());
    }

    private static byte[] bytes(String key, String hash) {
        try {
            byte[] bytes = HexFormat.of().parseHex(hash.strip());
            if (bytes.length == HASH_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException notHexadecimal) {
            // its message quotes the value
        }
        throw new IllegalArgumentException(key + ": expected the SHA-256 of a secret, 64 hexadecimal digits");
    }

    /** Whether this is one of them. The time it takes tells nothing of the secrets that are valid. */
    public boolean include(PresentedSecret presented) {
        boolean included = false;
        for (byte[] hash : hashes) {
            included |= presented.hashesTo(hash);
        }
        return included;
    }

    @Override
    public String toString() {
        return "SecretHashes[" + hashes.size() + "]";
    }
}
