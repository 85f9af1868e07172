package tap.policy.domain;

import java.util.Set;
import java.util.UUID;

/**
 * Where two groups stand before one becomes a member of the other.
 *
 * @param above the groups that the one to join is in, directly and through others
 * @param levelsAbove how many groups are on the longest way from the one to join upwards, without itself
 * @param levelsBelow how many groups are on the longest way from the one that joins downwards, without itself
 */
public record Nesting(Set<UUID> above, int levelsAbove, int levelsBelow) {
    /** Nothing is nested. */
    public static final Nesting NONE = new Nesting(Set.of(), 0, 0);

    /** Copies the set. */
    public Nesting {
        above = Set.copyOf(above);
    }
}
