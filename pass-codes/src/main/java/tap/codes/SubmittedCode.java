package tap.codes;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What somebody typed where a code belongs, normalised: case, spaces and dashes do not count, {@code O} is zero, {@code I}
 * and {@code L} are one. Anything can be submitted; what could never be a code is carried like every other wrong code, so
 * that checking it costs the same. It cannot be read back.
 */
public final class SubmittedCode {

    /**
     * How many characters of input are looked at; a 48-character code with a separator after each takes 95. Longer input
     * counts as a strong code that matches nothing.
     */
    static final int MOST_INPUT = 1_024;

    private static final SubmittedCode TOO_LONG = new SubmittedCode(new byte[0], Code.LONGEST + 1);

    private final byte[] normalised;
    private final int length;

    private SubmittedCode(byte[] normalised, int length) {
        this.normalised = normalised;
        this.length = length;
    }

    /** Normalises any input, in time and memory that are bounded however long the input is. */
    public static SubmittedCode of(String input) {
        Objects.requireNonNull(input);
        if (input.length() > MOST_INPUT) {
            return TOO_LONG;
        }
        StringBuilder kept = new StringBuilder(Code.LONGEST);
        for (int i = 0; i < input.length(); i++) {
            char c = input.charAt(i);
            if (CodeAlphabet.isSeparator(c)) {
                continue;
            }
            if (kept.length() == Code.LONGEST) {
                return TOO_LONG;
            }
            kept.append(CodeAlphabet.fold(c));
        }
        return new SubmittedCode(kept.toString().getBytes(StandardCharsets.UTF_8), kept.length());
    }

    /** Whether its length is that of a code of at least 112 bits: only then is it checked without Argon2. */
    public boolean isStrong() {
        return length >= Code.STRONG_FROM;
    }

    /** The normalised bytes themselves, not a copy; empty for input that was too long, which no verifier was made from. */
    byte[] normalised() {
        return normalised;
    }

    @Override
    public String toString() {
        return "SubmittedCode[hidden]";
    }
}
