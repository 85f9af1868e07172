package tap.contract;

import java.text.Normalizer;
import java.util.Locale;

/** How user names are compared: case-folded in NFKC (Unicode Standard §3.13, caseless matching of compatibility forms). */
public final class UserNames {
    private static final int DOTTED_CAPITAL_I = 0x130;
    private static final int DOTLESS_SMALL_I = 0x131;

    private UserNames() {}

    /** What two spellings of one user name have in common, and those of different names have not. */
    public static String key(String userName) {
        String compatible = Normalizer.normalize(userName, Normalizer.Form.NFKC);
        StringBuilder folded = new StringBuilder(compatible.length());
        compatible.codePoints().forEach(codePoint -> fold(codePoint, folded));
        return Normalizer.normalize(folded, Normalizer.Form.NFKC);
    }

    // Code point by code point, because String.toLowerCase looks at neighbours (final sigma). Lower, upper with full
    // mappings
    // (ß → SS), lower again gives the classes of CaseFolding.txt; both Turkish letters are its exceptions.
    private static void fold(int codePoint, StringBuilder folded) {
        switch (codePoint) {
            case DOTLESS_SMALL_I -> folded.appendCodePoint(codePoint);
            case DOTTED_CAPITAL_I -> folded.append("i\u0307");
            default ->
                Character.toString(Character.toLowerCase(codePoint))
                        .toUpperCase(Locale.ROOT)
                        .codePoints()
                        .forEach(upper -> folded.appendCodePoint(Character.toLowerCase(upper)));
        }
    }
}
