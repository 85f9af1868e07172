package tap.secrets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A text that somebody presents as a client's secret, hashed at once. */
public final class PresentedSecret {
    /** Shorter texts are no secret: 32 characters of base64 are 192 bits, of hexadecimal 128. */
    public static final int SHORTEST = 32;

    /** Longer texts are no secret. */
    public static final int LONGEST = 512;

    private final byte[] hash;
    private final boolean longEnough;

    private PresentedSecret(byte[] hash, boolean longEnough) {
        this.hash = hash;
        this.longEnough = longEnough;
    }

    /** Takes any text; one of a length that no secret has is nobody's. */
    public static PresentedSecret of(String text) {
        return new PresentedSecret(sha256(text), text.length() >= SHORTEST && text.length() <= LONGEST);
    }

    boolean hashesTo(byte[] other) {
        return MessageDigest.isEqual(hash, other) && longEnough;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return "PresentedSecret[hidden]";
    }
}
