package tap.policy.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tap.policy.domain.GroupCommand.JoinGroup;
import tap.policy.domain.GroupCommand.LeaveGroup;
import tap.policy.domain.GroupCommand.ProvisionGroup;
import tap.policy.domain.GroupCommand.RemoveGroup;
import tap.policy.domain.GroupEvent.GroupChanged;
import tap.policy.domain.GroupEvent.GroupRemoved;
import tap.testkit.DeciderSpecification;

class GroupDeciderTest extends DeciderSpecification<GroupCommand, Group, GroupEvent, GroupRejection> {
    private static final UUID CHILD = id(1);
    private static final UUID PARENT = id(2);
    private static final UUID OTHER = id(3);

    GroupDeciderTest() {
        super(new GroupDecider());
    }

    private static UUID id(long n) {
        return new UUID(0x0190b3f200007000L, 0x8000000000000000L | n);
    }

    @Nested
    class WhenUnknown {
        @Test
        void a_group_is_provisioned_into_no_other() {
            given().when(new ProvisionGroup(CHILD)).then(new GroupChanged(CHILD, List.of()));
        }

        @Test
        void nothing_joins_or_is_removed_and_leaving_is_done_already() {
            given().when(new JoinGroup(PARENT, Nesting.NONE)).thenRejected(GroupRejection.NOT_IN_DIRECTORY);
            given().when(new RemoveGroup()).thenRejected(GroupRejection.NOT_IN_DIRECTORY);
            given().when(new LeaveGroup(PARENT)).thenNothing();
        }
    }

    @Nested
    class WhenProvisioned {
        private final GroupChanged provisioned = new GroupChanged(CHILD, List.of());

        @Test
        void it_joins_groups_and_keeps_them_in_the_order_of_their_ids() {
            given(provisioned).when(new JoinGroup(OTHER, Nesting.NONE)).then(new GroupChanged(CHILD, List.of(OTHER)));
            given(new GroupChanged(CHILD, List.of(OTHER)))
                    .when(new JoinGroup(PARENT, Nesting.NONE))
                    .then(new GroupChanged(CHILD, List.of(PARENT, OTHER)));
        }

        @Test
        void joining_where_it_is_and_leaving_where_it_is_not_change_nothing() {
            given(new GroupChanged(CHILD, List.of(PARENT)))
                    .when(new JoinGroup(PARENT, Nesting.NONE))
                    .thenNothing();
            given(provisioned).when(new LeaveGroup(PARENT)).thenNothing();
        }

        @Test
        void it_leaves() {
            given(new GroupChanged(CHILD, List.of(PARENT, OTHER)))
                    .when(new LeaveGroup(PARENT))
                    .then(new GroupChanged(CHILD, List.of(OTHER)));
        }

        @Test
        void it_never_becomes_a_member_of_itself() {
            given(provisioned).when(new JoinGroup(CHILD, Nesting.NONE)).thenRejected(GroupRejection.CYCLE);
            given(provisioned)
                    .when(new JoinGroup(PARENT, new Nesting(Set.of(OTHER, CHILD), 2, 0)))
                    .thenRejected(GroupRejection.CYCLE);
        }

        @Test
        void groups_are_nested_in_sixteen_levels_and_no_more() {
            given(provisioned)
                    .when(new JoinGroup(PARENT, new Nesting(Set.of(OTHER), 7, 7)))
                    .then(new GroupChanged(CHILD, List.of(PARENT)));
            given(provisioned)
                    .when(new JoinGroup(PARENT, new Nesting(Set.of(OTHER), 8, 7)))
                    .thenRejected(GroupRejection.TOO_DEEP);
            given(provisioned)
                    .when(new JoinGroup(PARENT, new Nesting(Set.of(OTHER), 7, 8)))
                    .thenRejected(GroupRejection.TOO_DEEP);
        }

        @Test
        void it_is_in_a_thousand_groups_and_no_more() {
            List<UUID> full =
                    LongStream.range(100, 1_100).mapToObj(GroupDeciderTest::id).toList();
            List<UUID> almost = new ArrayList<>(full.subList(1, 1_000));
            given(new GroupChanged(CHILD, almost))
                    .when(new JoinGroup(id(100), Nesting.NONE))
                    .then(new GroupChanged(CHILD, full));
            given(new GroupChanged(CHILD, full))
                    .when(new JoinGroup(PARENT, Nesting.NONE))
                    .thenRejected(GroupRejection.TOO_MANY_GROUPS);
        }

        @Test
        void removing_ends_it() {
            given(provisioned)
                    .when(new RemoveGroup())
                    .then(new GroupRemoved(CHILD))
                    .leadingTo(new Group.Removed(CHILD));
        }

        @Test
        void the_id_is_taken() {
            given(provisioned).when(new ProvisionGroup(CHILD)).thenRejected(GroupRejection.ALREADY_KNOWN);
        }
    }

    @Nested
    class WhenRemoved {
        private final List<GroupEvent> gone = List.of(new GroupChanged(CHILD, List.of()), new GroupRemoved(CHILD));

        @Test
        void the_id_is_never_given_again() {
            given(gone).when(new ProvisionGroup(CHILD)).thenRejected(GroupRejection.ALREADY_KNOWN);
        }

        @Test
        void nothing_more_can_happen() {
            given(gone).when(new JoinGroup(PARENT, Nesting.NONE)).thenRejected(GroupRejection.NOT_IN_DIRECTORY);
            given(gone).when(new RemoveGroup()).thenRejected(GroupRejection.NOT_IN_DIRECTORY);
            given(gone).when(new LeaveGroup(PARENT)).thenNothing();
        }
    }
}
