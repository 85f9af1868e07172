package tap.endtoend.torture.invariants;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tap.policy.publishing.StoredPolicy;

/**
 * Whose data is judged. On a stack that serves others too, what they have done is theirs to answer for.
 *
 * @param keys partition keys: ids of users, and the policy's stream; {@code null}: all there are
 */
public record Scope(@Nullable Set<String> keys) {

    /** Everything. */
    public static Scope everything() {
        return new Scope(null);
    }

    /** Some users, and the policy. */
    public static Scope users(Collection<String> ids) {
        Set<String> keys = new HashSet<>(ids);
        keys.add(StoredPolicy.STREAM);
        return new Scope(Set.copyOf(keys));
    }

    boolean contains(String key) {
        return keys == null || keys.contains(key);
    }

    /** For {@code $1 IS NULL OR key = ANY ($1)}. */
    String @Nullable [] array() {
        return keys == null ? null : keys.toArray(String[]::new);
    }
}
