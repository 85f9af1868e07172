package tap.policy.domain;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.policy.domain.UserCommand.ChangeGroups;
import tap.policy.domain.UserCommand.ChangeUser;
import tap.policy.domain.UserCommand.ProvisionUser;
import tap.policy.domain.UserCommand.RemoveUser;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;
import tap.testkit.DeciderSpecification;

class UserDeciderTest extends DeciderSpecification<UserCommand, User, UserEvent, UserRejection> {
    private static final UUID ADA = UUID.fromString("0190b3f2-0000-7000-8000-000000000001");
    private static final UUID GROUP = UUID.fromString("0190b3f2-0000-7000-8000-000000000002");
    private static final UUID OTHER = UUID.fromString("0190b3f2-0000-7000-8000-000000000003");
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
        void nobody_joins_a_group_and_everybody_has_left_it() {
            given().when(new ChangeGroups(Set.of(GROUP), Set.of())).thenRejected(UserRejection.NOT_IN_DIRECTORY);
            given().when(new ChangeGroups(Set.of(), Set.of(GROUP))).thenNothing();
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
        void joining_and_leaving_groups_keep_the_profile() {
            given(provisioned)
                    .when(new ChangeGroups(Set.of(OTHER), Set.of(GROUP)))
                    .then(new UserChanged(ACTIVE, List.of(OTHER)));
            given(provisioned)
                    .when(new ChangeGroups(Set.of(OTHER), Set.of()))
                    .then(new UserChanged(ACTIVE, List.of(GROUP, OTHER)));
        }

        @Test
        void joining_where_the_user_is_and_leaving_where_not_change_nothing() {
            given(provisioned)
                    .when(new ChangeGroups(Set.of(GROUP), Set.of(OTHER)))
                    .thenNothing();
        }

        @Test
        void a_user_is_in_a_thousand_groups_and_no_more() {
            Set<UUID> full =
                    LongStream.range(100, 1_100).mapToObj(n -> new UUID(1, n)).collect(Collectors.toSet());
            given(new UserChanged(ACTIVE, List.copyOf(new TreeSet<>(full))))
                    .when(new ChangeGroups(Set.of(OTHER), Set.of()))
                    .thenRejected(UserRejection.TOO_MANY_GROUPS);
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
            given(gone).when(new ChangeGroups(Set.of(GROUP), Set.of())).thenRejected(UserRejection.NOT_IN_DIRECTORY);
        }
    }
}
