package tap.policy.publishing;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tap.eventsourcing.EventCodec;
import tap.policy.domain.Group;
import tap.policy.domain.GroupEvent;
import tap.policy.domain.GroupEvent.GroupChanged;
import tap.policy.domain.GroupEvent.GroupRemoved;

import static org.assertj.core.api.Assertions.assertThat;

class StoredGroupTest {
    private static final UUID GROUP = UUID.fromString("0190b3f2-0000-7000-8000-000000000002");
    private static final UUID PARENT = UUID.fromString("0190b3f2-0000-7000-8000-000000000003");

    @ParameterizedTest
    @MethodSource("events")
    void every_event_is_read_as_it_was_written(GroupEvent event) {
        assertThat(StoredGroup.EVENTS.read(StoredGroup.EVENTS.write(event))).isEqualTo(event);
    }

    static Stream<GroupEvent> events() {
        return Stream.of(new GroupChanged(GROUP, List.of(PARENT)), new GroupRemoved(GROUP));
    }

    @Test
    void there_is_an_example_of_every_event() {
        assertThat(events().map(Object::getClass)).containsExactlyInAnyOrder(GroupEvent.class.getPermittedSubclasses());
    }

    @Test
    void events_are_stored_as_this_and_nothing_else() {
        EventCodec.Written changed = StoredGroup.EVENTS.write(new GroupChanged(GROUP, List.of(PARENT)));
        assertThat(changed.type()).isEqualTo("group-changed.v1");
        assertThat(changed.payload()).isEqualTo("""
                {"groupId":"0190b3f2-0000-7000-8000-000000000002",\
                "parentGroupIds":["0190b3f2-0000-7000-8000-000000000003"]}""");
        EventCodec.Written removed = StoredGroup.EVENTS.write(new GroupRemoved(GROUP));
        assertThat(removed.type()).isEqualTo("group-removed.v1");
        assertThat(removed.payload()).isEqualTo("{\"groupId\":\"0190b3f2-0000-7000-8000-000000000002\"}");
    }

    @ParameterizedTest
    @MethodSource("states")
    void every_state_is_read_as_it_was_written(Group group) {
        var written = StoredGroup.HEAD.write(group);
        assertThat(StoredGroup.HEAD.read(written.json(), written.sealed())).isEqualTo(group);
        assertThat(written.partitionKey()).isEqualTo(GROUP.toString());
        assertThat(written.ended()).isEqualTo(group instanceof Group.Removed);
    }

    static Stream<Group> states() {
        return Stream.of(new Group.Provisioned(GROUP, List.of(PARENT)), new Group.Removed(GROUP));
    }

    @Test
    void each_family_of_types_has_its_aggregate() {
        assertThat(StoredTypes.aggregate("policy-reset.v1").states()).isSameAs(StoredPolicy.HEAD);
        assertThat(StoredTypes.aggregate("user-removed.v1").states()).isSameAs(StoredUser.HEAD);
        assertThat(StoredTypes.aggregate("group-changed.v1").states()).isSameAs(StoredGroup.HEAD);
    }
}
