package tap.policy.domain;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.policy.domain.GroupCommand.JoinGroup;
import tap.policy.domain.GroupCommand.LeaveGroup;
import tap.policy.domain.GroupCommand.ProvisionGroup;
import tap.policy.domain.GroupCommand.RemoveGroup;
import tap.policy.domain.GroupEvent.GroupChanged;
import tap.policy.domain.GroupEvent.GroupRemoved;

/** The rules of a group of the directory: never a member of itself, and nested in few levels. */
public final class GroupDecider implements Decider<GroupCommand, Group, GroupEvent, GroupRejection> {
    /** The most groups on a way from a group that is in no other to one that has none: every decision walks it. */
    public static final int MOST_LEVELS = 16;

    @Override
    public Group initial() {
        return new Group.Unknown();
    }

    @Override
    public Decision<GroupEvent, GroupRejection> decide(GroupCommand command, Group group) {
        return switch (group) {
            case Group.Unknown unknown ->
                switch (command) {
                    case ProvisionGroup provision -> Decision.accept(new GroupChanged(provision.groupId(), List.of()));
                    case JoinGroup join -> Decision.reject(GroupRejection.NOT_IN_DIRECTORY);
                    case LeaveGroup leave -> Decision.nothing();
                    case RemoveGroup remove -> Decision.reject(GroupRejection.NOT_IN_DIRECTORY);
                };
            case Group.Provisioned provisioned ->
                switch (command) {
                    case ProvisionGroup provision -> Decision.reject(GroupRejection.ALREADY_KNOWN);
                    case JoinGroup join -> join(join, provisioned);
                    case LeaveGroup leave ->
                        changed(
                                provisioned,
                                Membership.after(provisioned.parentGroupIds(), Set.of(), Set.of(leave.parentId())));
                    case RemoveGroup remove -> Decision.accept(new GroupRemoved(provisioned.groupId()));
                };
            case Group.Removed removed ->
                switch (command) {
                    case ProvisionGroup provision -> Decision.reject(GroupRejection.ALREADY_KNOWN);
                    case JoinGroup join -> Decision.reject(GroupRejection.NOT_IN_DIRECTORY);
                    case LeaveGroup leave -> Decision.nothing();
                    case RemoveGroup remove -> Decision.reject(GroupRejection.NOT_IN_DIRECTORY);
                };
        };
    }

    @Override
    public Group evolve(Group group, GroupEvent event) {
        return switch (event) {
            case GroupChanged changed -> new Group.Provisioned(changed.groupId(), changed.parentGroupIds());
            case GroupRemoved removed -> new Group.Removed(removed.groupId());
        };
    }

    private static Decision<GroupEvent, GroupRejection> join(JoinGroup join, Group.Provisioned group) {
        Nesting nesting = join.nesting();
        if (join.parentId().equals(group.groupId()) || nesting.above().contains(group.groupId())) {
            return Decision.reject(GroupRejection.CYCLE);
        }
        List<UUID> after = Membership.after(group.parentGroupIds(), Set.of(join.parentId()), Set.of());
        if (nesting.levelsAbove() + 1 + 1 + nesting.levelsBelow() > MOST_LEVELS) {
            return Decision.reject(GroupRejection.TOO_DEEP);
        }
        return after.size() > Membership.MOST_GROUPS
                ? Decision.reject(GroupRejection.TOO_MANY_GROUPS)
                : changed(group, after);
    }

    private static Decision<GroupEvent, GroupRejection> changed(Group.Provisioned group, List<UUID> parentGroupIds) {
        return parentGroupIds.equals(group.parentGroupIds())
                ? Decision.nothing()
                : Decision.accept(new GroupChanged(group.groupId(), parentGroupIds));
    }
}
