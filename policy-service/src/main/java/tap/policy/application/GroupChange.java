package tap.policy.application;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What is to be different about a group.
 *
 * @param name what it is called now, or {@code null}: as before
 * @param join users and groups that become direct members
 * @param leave who is no longer one
 * @param everybodyElseLeaves whether only those who join are members afterwards
 */
public record GroupChange(@Nullable GroupName name, Set<UUID> join, Set<UUID> leave, boolean everybodyElseLeaves) {
    /** Copies the sets. */
    public GroupChange {
        join = Set.copyOf(join);
        leave = Set.copyOf(leave);
    }

    /** Replaces name and members. */
    public static GroupChange replace(GroupName name, Set<UUID> members) {
        return new GroupChange(name, members, Set.of(), true);
    }

    /** Everybody who is named. */
    Set<UUID> named() {
        Set<UUID> named = new LinkedHashSet<>(join);
        named.addAll(leave);
        return named;
    }
}
