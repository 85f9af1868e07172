package tap.policy.domain;

import java.util.List;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.policy.domain.UserCommand.ChangeUser;
import tap.policy.domain.UserCommand.ProvisionUser;
import tap.policy.domain.UserCommand.RemoveUser;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;

/** The rules of a user of the directory. Every accepted change is an event, because the names that it may bring are told by it. */
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
                    case RemoveUser remove -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
                };
            case User.Provisioned provisioned ->
                switch (command) {
                    case ProvisionUser provision -> Decision.reject(UserRejection.ALREADY_KNOWN);
                    case ChangeUser change ->
                        Decision.accept(new UserChanged(change.profile(), provisioned.groupIds()));
                    case RemoveUser remove ->
                        Decision.accept(new UserRemoved(provisioned.profile().userId()));
                };
            case User.Removed removed ->
                switch (command) {
                    case ProvisionUser provision -> Decision.reject(UserRejection.ALREADY_KNOWN);
                    case ChangeUser change -> Decision.reject(UserRejection.NOT_IN_DIRECTORY);
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
}
