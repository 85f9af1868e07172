package tap.codes;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Objects;

/**
 * A freshly drawn code: 8 to 48 symbols of Crockford's Base32, 5 bits each. It lives from its drawing to the issuing
 * response and nowhere else; {@link #toString} hides it.
 */
public final class Code {

    /** Shortest and longest code, in characters (the range of the policy's {@code defaultLength}). */
    public static final int SHORTEST = 8;

    public static final int LONGEST = 48;

    /**
     * From this many characters a code has at least 112 bits and needs no stretching (NIST SP 800-63B-4, look-up secrets:
     * below that strength a verifier must be salted and hashed as a password is).
     */
    public static final int STRONG_FROM = 23;

    private final byte[] symbols;

    private Code(byte[] symbols) {
        this.symbols = symbols;
    }

    /**
     * Draws a code, every symbol equally likely.
     *
     * @param length characters, {@value #SHORTEST} to {@value #LONGEST}
     * @throws IllegalArgumentException if the length is outside that range
     */
    public static Code draw(int length, SecureRandom random) {
        Objects.requireNonNull(random);
        if (length < SHORTEST || length > LONGEST) {
            throw new IllegalArgumentException(
                    "A code has " + SHORTEST + " to " + LONGEST + " characters, not " + length + ".");
        }
        byte[] symbols = new byte[length];
        random.nextBytes(symbols);
        for (int i = 0; i < length; i++) {
            symbols[i] = CodeAlphabet.symbol(symbols[i]);
        }
        return new Code(symbols);
    }

    /** Length in characters. */
    public int length() {
        return symbols.length;
    }

    /** Whether the code has at least 112 bits, and so is verified without Argon2. */
    public boolean isStrong() {
        return length() >= STRONG_FROM;
    }

    /** The clear code, for the issuing response only. */
    public String clearText() {
        return new String(symbols, StandardCharsets.US_ASCII);
    }

    /** The symbols themselves, not a copy. */
    byte[] symbols() {
        return symbols;
    }

    @Override
    public String toString() {
        return "Code[hidden]";
    }
}
