package tap.directory;

import java.util.Arrays;

/** Where a user comes from. */
public enum UserKind {
    /** One of the organisation's own. */
    MEMBER("member"),
    /** A guest whose account is here; may have a pass. */
    INTERNAL_GUEST("internalGuest"),
    /** A guest whose account is elsewhere; may not have a pass. */
    EXTERNAL_GUEST("externalGuest");

    private final String value;

    UserKind(String value) {
        this.value = value;
    }

    /** As it stands in {@code user-changed.v1}. */
    public String value() {
        return value;
    }

    /**
     * The kind of that exact value.
     *
     * @throws IllegalArgumentException if there is none: a newer release wrote it
     */
    public static UserKind of(String value) {
        return Arrays.stream(values())
                .filter(kind -> kind.value.equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kind of user \"" + value + "\" is unknown"));
    }
}
