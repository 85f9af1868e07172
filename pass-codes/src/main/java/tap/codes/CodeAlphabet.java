package tap.codes;

import java.nio.charset.StandardCharsets;

/**
 * Crockford's Base32: 32 symbols, 5 bits a character, without {@code I L O U}, so that a code can be read out on the phone.
 */
final class CodeAlphabet {

    private static final byte[] SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);

    private CodeAlphabet() {}

    /** The symbol for the lowest five bits of the given value. */
    static byte symbol(int bits) {
        return SYMBOLS[bits & 31];
    }

    /** Whether people put this character between symbols for the eye only: any Unicode space or dash. */
    static boolean isSeparator(char c) {
        return Character.isSpaceChar(c)
                || Character.isWhitespace(c)
                || Character.getType(c) == Character.DASH_PUNCTUATION;
    }

    /**
     * What a person meant by this character: upper case, {@code O} as zero, {@code I} and {@code L} as one. Only ASCII is
     * folded: Unicode's case rules would turn a dotless i into a digit.
     */
    static char fold(char c) {
        char upper = c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
        return switch (upper) {
            case 'O' -> '0';
            case 'I', 'L' -> '1';
            default -> upper;
        };
    }
}
