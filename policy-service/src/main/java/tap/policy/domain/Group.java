package tap.policy.domain;

import java.util.List;
import java.util.UUID;

/** A group as its events have left it. Its members are not its own: each keeps the groups that it is in. */
public sealed interface Group {
    /** There is no such group yet. */
    record Unknown() implements Group {}

    /**
     * In the directory.
     *
     * @param parentGroupIds the groups that it is a direct member of
     */
    record Provisioned(UUID groupId, List<UUID> parentGroupIds) implements Group {
        /** Copies the list. */
        public Provisioned {
            parentGroupIds = List.copyOf(parentGroupIds);
        }
    }

    /** Gone for good. */
    record Removed(UUID groupId) implements Group {}
}
