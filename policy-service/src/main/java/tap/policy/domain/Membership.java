package tap.policy.domain;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Direct memberships of a user or group, as its own events keep them: absolute, each group once, in the order of ids. */
public final class Membership {
    /** The most groups that a user or group can be a direct member of: all of them are in each of its events. */
    public static final int MOST_GROUPS = 1_000;

    private Membership() {}

    /** The groups after joining some and leaving others; who both joins and leaves a group leaves it. */
    static List<UUID> after(Collection<UUID> before, Set<UUID> join, Set<UUID> leave) {
        Set<UUID> after = new TreeSet<>(before);
        after.addAll(join);
        after.removeAll(leave);
        return List.copyOf(after);
    }
}
