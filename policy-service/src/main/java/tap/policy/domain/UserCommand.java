package tap.policy.domain;

import java.util.Set;
import java.util.UUID;

/** Everything that can be asked of a user of the directory. */
public sealed interface UserCommand {
    /** Bring a new user into the directory. */
    record ProvisionUser(UserProfile profile) implements UserCommand {}

    /** Take over what the provisioning side now says of a user; a change of name alone is a change too. */
    record ChangeUser(UserProfile profile) implements UserCommand {}

    /**
     * Make a user a direct member of groups, and no longer of others.
     *
     * @param join groups that are in the directory
     * @param leave groups, whether the user is in them or not
     */
    record ChangeGroups(Set<UUID> join, Set<UUID> leave) implements UserCommand {
        /** Copies the sets. */
        public ChangeGroups {
            join = Set.copyOf(join);
            leave = Set.copyOf(leave);
        }
    }

    /** Take a user out of the directory, for good. */
    record RemoveUser() implements UserCommand {}
}
