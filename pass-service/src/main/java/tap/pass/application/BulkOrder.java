package tap.pass.application;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.pass.domain.PassRequest;

/**
 * Passes for many users, all of the same kind.
 *
 * @param users ids or user names as the caller gives them, in any order, repetitions included; empty where a group is named
 * @param group whose members get one, members of its groups included, or {@code null}
 * @param request what was asked for
 * @param keepsLivePass whether a pass that a user has, and that may still be used, is kept rather than replaced
 * @param key by which the caller asks again for what a broken stream did not say
 */
public record BulkOrder(
        List<String> users, @Nullable UUID group, PassRequest request, boolean keepsLivePass, String key) {
    /** The most users of a bulk. */
    public static final int MOST_USERS = 10_000;

    /** Copies the users. */
    public BulkOrder {
        users = List.copyOf(users);
    }

    /** How this is known again, however it is written. */
    RepeatableRequest repeatable(String caller) {
        // user names hold no control characters
        return RepeatableRequest.of(
                caller, key, request, keepsLivePass + "\n" + group + "\n" + String.join("\n", users));
    }
}
