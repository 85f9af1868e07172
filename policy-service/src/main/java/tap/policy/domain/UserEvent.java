package tap.policy.domain;

import java.util.List;
import java.util.UUID;

/** Everything that can happen to a user of the directory. */
public sealed interface UserEvent {
    /** Whom it happened to. */
    UUID userId();

    /**
     * The user was provisioned or changed, or only renamed; absolute state.
     *
     * @param groupIds the groups that the user is a direct member of
     */
    record UserChanged(UserProfile profile, List<UUID> groupIds) implements UserEvent {
        /** Copies the list. */
        public UserChanged {
            groupIds = List.copyOf(groupIds);
        }

        @Override
        public UUID userId() {
            return profile.userId();
        }
    }

    /** The user left the directory. */
    record UserRemoved(UUID userId) implements UserEvent {}
}
