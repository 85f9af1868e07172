package tap.pass.domain;

import org.jspecify.annotations.Nullable;
import tap.directory.UserKey;

/**
 * Whose pass a request is about, and who asks.
 *
 * @param named the user whom the path names, or {@code null}: the caller ({@code /me})
 * @param caller the token's subject; the directory may know it as an id, an external id or a user name
 */
public record UserReference(@Nullable String named, String caller) {

    /** Whether the caller asks about the own account, whoever that is. */
    public boolean me() {
        return named == null;
    }

    /** The named user; meaningless for {@link #me}. */
    public UserKey namedKey() {
        return UserKey.of(named == null ? "" : named);
    }

    /** The caller as a user. */
    public UserKey callerKey() {
        return UserKey.of(caller);
    }
}
