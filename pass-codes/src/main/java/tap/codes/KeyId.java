package tap.codes;

import java.util.regex.Pattern;

/**
 * The name of one key of a ring: the name of its file, stored with everything the key made. Not secret.
 *
 * @param value 1 to 64 letters, digits, {@code . _ -}, not beginning with a dot, and not {@code current}
 */
public record KeyId(String value) {

    /** The name that is taken by the file which says what key is current. */
    static final String RESERVED = "current";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");

    /** @throws IllegalArgumentException if the name is not of that form */
    public KeyId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "'" + abbreviated(value) + "' cannot be a key id: a key id has 1 to 64 letters,"
                            + " digits, dots, underscores or hyphens, does not begin with a dot and is not '" + RESERVED
                            + "'.");
        }
    }

    static boolean isValid(String value) {
        return FORM.matcher(value).matches() && !value.equals(RESERVED);
    }

    // what is not a key id might be a key that was put into the wrong file
    private static String abbreviated(String value) {
        return value.length() <= 8 ? value : value.substring(0, 4) + "…";
    }

    @Override
    public String toString() {
        return value;
    }
}
