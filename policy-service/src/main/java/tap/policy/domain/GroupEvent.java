package tap.policy.domain;

import java.util.List;
import java.util.UUID;

/** Everything that can happen to a group of the directory. */
public sealed interface GroupEvent {
    /** Which. */
    UUID groupId();

    /**
     * The group was provisioned, or joined or left others; absolute state.
     *
     * @param parentGroupIds the groups that it is a direct member of
     */
    record GroupChanged(UUID groupId, List<UUID> parentGroupIds) implements GroupEvent {
        /** Copies the list. */
        public GroupChanged {
            parentGroupIds = List.copyOf(parentGroupIds);
        }
    }

    /** The group left the directory. */
    record GroupRemoved(UUID groupId) implements GroupEvent {}
}
