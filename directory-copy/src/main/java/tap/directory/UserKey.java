package tap.directory;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tap.contract.UserNames;

/**
 * How a request names a user: by id or by user name. Both are parameters of {@code tap_user_id(id, name key)}.
 *
 * @param id what was given, if it has the form of an id
 * @param nameKey what names are compared by ({@link UserNames#key})
 */
public record UserKey(@Nullable UUID id, String nameKey) {
    // UUID.fromString alone would take "1-1-1-1-1" for an id
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Reads an id or a user name as a client gave it, already URL-decoded. */
    public static UserKey of(String given) {
        return new UserKey(id(given), UserNames.key(given));
    }

    /** The id that a text has the form of, or null. */
    static @Nullable UUID id(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return ID.matcher(lower).matches() ? UUID.fromString(lower) : null;
    }
}
