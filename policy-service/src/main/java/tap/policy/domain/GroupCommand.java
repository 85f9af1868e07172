package tap.policy.domain;

import java.util.UUID;

/** Everything that can be asked of a group of the directory. */
public sealed interface GroupCommand {
    /** Bring a new group into the directory. */
    record ProvisionGroup(UUID groupId) implements GroupCommand {}

    /**
     * Become a direct member of another group.
     *
     * @param parentId a group that is in the directory
     * @param nesting where both stand
     */
    record JoinGroup(UUID parentId, Nesting nesting) implements GroupCommand {}

    /** Be no longer a direct member of a group, whether it is one or not. */
    record LeaveGroup(UUID parentId) implements GroupCommand {}

    /** Take a group out of the directory, for good. */
    record RemoveGroup() implements GroupCommand {}
}
