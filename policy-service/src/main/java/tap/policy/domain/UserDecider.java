package tap.policy.domain;

import java.util.List;
import java.util.UUID;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.policy.domain.UserCommand.ChangeGroups;
import tap.policy.domain.UserCommand.ChangeUser;
import tap.policy.domain.UserCommand.ProvisionUser;
import tap.policy.domain.UserCommand.RemoveUser;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;

/**
 * The rules of a user of the directory. Every accepted change of a profile is an event, because the names that it may bring are told by
 * it; one of memberships that changes nothing is none.
 */
public final class UserDecider implements Decider<UserCommand, User, UserEvent, UserRejection> {
    @Override
    public User initial() {
        return new User.Unknown();
    }

    @Override
    public Decision<UserEvent, UserRejection> decide(UserCommand command, User user) {
        return switch (user) {
            case User.Unknown unknown ->
                switch (command) {
                    case ProvisionUser provision -> Decision.accept(new UserChanged(provision.profile(), List.of()));
                    case ChangeUser change -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
                    case ChangeGroups change -> absent(change);
                    case RemoveUser remove -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
                };
            case User.Provisioned provisioned ->
                switch (command) {
                    case ProvisionUser provision -> Decision.reject(UserRejection.ALREADY_KNOWN);
                    case ChangeUser change ->
                        Decision.accept(new UserChanged(change.profile(), provisioned.groupIds()));
                    case ChangeGroups change -> change(change, provisioned);
                    case RemoveUser remove ->
                        Decision.accept(new UserRemoved(provisioned.profile().userId()));
                };
            case User.Removed removed ->
                switch (command) {
                    case ProvisionUser provision -> Decision.reject(UserRejection.ALREADY_KNOWN);
                    case ChangeUser change -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
                    case ChangeGroups change -> absent(change);
                    case RemoveUser remove -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
                };
        };
    }

    @Override
    public User evolve(User user, UserEvent event) {
        return switch (event) {
            case UserChanged changed -> new User.Provisioned(changed.profile(), changed.groupIds());
            case UserRemoved removed -> new User.Removed(removed.userId());
        };
    }

    private static Decision<UserEvent, UserRejection> change(ChangeGroups change, User.Provisioned user) {
        List<UUID> after = Membership.after(user.groupIds(), change.join(), change.leave());
        if (after.equals(user.groupIds())) {
            return Decision.nothing();
        }
        return after.size() > Membership.MOST_GROUPS
                ? Decision.reject(UserRejection.TOO_MANY_GROUPS)
                : Decision.accept(new UserChanged(user.profile(), after));
    }

    // Who is gone has left every group.
    private static Decision<UserEvent, UserRejection> absent(ChangeGroups change) {
        return change.join().isEmpty() ? Decision.nothing() : Decision.reject(UserRejection.NOT_IN_DIRECTORY);
    }
}
