package tap.policy.domain;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.policy.domain.UserCommand.ChangeUser;
import tap.policy.domain.UserCommand.ProvisionUser;
import tap.policy.domain.UserCommand.RemoveUser;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;
import tap.testkit.DeciderSpecification;

class UserDeciderTest extends DeciderSpecification<UserCommand, User, UserEvent, UserRejection> {
    private static final UUID ADA = UUID.fromString("0190b3f2-0000-7000-8000-000000000001");
    private static final UUID GROUP = UUID.fromString("0190b3f2-0000-7000-8000-000000000002");
    private static final UserProfile ACTIVE = new UserProfile(ADA, true, UserKind.MEMBER, List.of());
    private static final UserProfile INACTIVE = new UserProfile(ADA, false, UserKind.MEMBER, List.of());

    UserDeciderTest() {
        super(new UserDecider());
    }

    @Nested
    class WhenUnknown {
        @Test
        void a_user_is_provisioned_into_no_group() {
            given().when(new ProvisionUser(ACTIVE)).then(new UserChanged(ACTIVE, List.of()));
        }

        @Test
        void nobody_can_be_changed_or_removed() {
            given().when(new ChangeUser(ACTIVE)).thenRejected(UserRejection.NOT_IN_DIRECTORY);
            given().when(new RemoveUser()).thenRejected(UserRejection.NOT_IN_DIRECTORY);
        }
    }

    @Nested
    class WhenProvisioned {
        private final UserChanged provisioned = new UserChanged(ACTIVE, List.of(GROUP));

        @Test
        void deactivating_keeps_the_groups() {
            given(provisioned).when(new ChangeUser(INACTIVE)).then(new UserChanged(INACTIVE, List.of(GROUP)));
        }

        @Test
        void a_change_of_name_alone_is_an_event_because_the_names_topic_moves_by_it() {
            given(provisioned).when(new ChangeUser(ACTIVE)).then(new UserChanged(ACTIVE, List.of(GROUP)));
        }

        @Test
        void removing_ends_it() {
            given(provisioned).when(new RemoveUser()).then(new UserRemoved(ADA)).leadingTo(new User.Removed(ADA));
        }

        @Test
        void the_id_is_taken() {
            given(provisioned).when(new ProvisionUser(ACTIVE)).thenRejected(UserRejection.ALREADY_KNOWN);
        }
    }

    @Nested
    class WhenRemoved {
        private final List<UserEvent> gone = List.of(new UserChanged(ACTIVE, List.of()), new UserRemoved(ADA));

        @Test
        void the_id_is_never_given_again() {
            given(gone).when(new ProvisionUser(ACTIVE)).thenRejected(UserRejection.ALREADY_KNOWN);
        }

        @Test
        void nothing_more_can_happen() {
            given(gone).when(new ChangeUser(ACTIVE)).thenRejected(UserRejection.NOT_IN_DIRECTORY);
            given(gone).when(new RemoveUser()).thenRejected(UserRejection.NOT_IN_DIRECTORY);
        }
    }
}
