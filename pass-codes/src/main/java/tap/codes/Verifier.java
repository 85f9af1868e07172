package tap.codes;

/**
 * What is kept of a code to check it by. Two tiers, by the strength of the code (NIST SP 800-63B-4, look-up secrets):
 * either is {@code HMAC-SHA-256(pepper, "tap1" ‖ pass id ‖ salt ‖ secret)}, with the pass id as 16 bytes, and what the
 * secret is makes the tier. {@link Verifiers} makes them.
 */
public sealed interface Verifier {

    /** Bytes of every salt. */
    int SALT_LENGTH = 16;

    /** Bytes of every message authentication code. */
    int MAC_LENGTH = 32;

    /** The pepper it was made with. */
    KeyId keyId();

    /** {@value #SALT_LENGTH} random bytes. */
    SecretBytes salt();

    /** The HMAC, {@value #MAC_LENGTH} bytes. */
    SecretBytes mac();

    /** For codes of at least 112 bits: the secret is the code itself. */
    record Keyed(KeyId keyId, SecretBytes salt, SecretBytes mac) implements Verifier {
        public Keyed {
            requireLengths(salt, mac);
        }
    }

    /** For shorter codes: the secret is {@code Argon2id(code, salt)}, 32 bytes, at the given cost. */
    record Stretched(KeyId keyId, SecretBytes salt, Argon2Cost cost, SecretBytes mac) implements Verifier {
        public Stretched {
            requireLengths(salt, mac);
        }
    }

    /** Its compact form (see {@link #decode}). It belongs under a seal, never in an event or a log. */
    default byte[] encoded() {
        return VerifierFormat.encode(this);
    }

    /**
     * Reads the compact form: version 1, tier (1 keyed, 2 stretched), key id with its length in front, salt, for the
     * stretched tier memory in KiB (4 bytes), iterations (1) and parallelism (1), the HMAC.
     *
     * @throws UnreadableVerifier if the bytes are not exactly one verifier of a known version
     */
    static Verifier decode(byte[] encoded) {
        return VerifierFormat.decode(encoded);
    }

    private static void requireLengths(SecretBytes salt, SecretBytes mac) {
        if (salt.length() != SALT_LENGTH || mac.length() != MAC_LENGTH) {
            throw new IllegalArgumentException("A verifier has a salt of " + SALT_LENGTH + " bytes and an HMAC of "
                    + MAC_LENGTH + ", not " + salt.length() + " and " + mac.length() + ".");
        }
    }
}
