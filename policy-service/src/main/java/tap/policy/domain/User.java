package tap.policy.domain;

import java.util.List;
import java.util.UUID;

/** A user as its events have left it. */
public sealed interface User {
    /** There is no such user yet. */
    record Unknown() implements User {}

    /** In the directory. */
    record Provisioned(UserProfile profile, List<UUID> groupIds) implements User {
        /** Copies the list. */
        public Provisioned {
            groupIds = List.copyOf(groupIds);
        }
    }

    /** Gone for good. */
    record Removed(UUID userId) implements User {}
}
