package tap.policy.publishing;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tap.eventsourcing.EventCodec;
import tap.policy.domain.User;
import tap.policy.domain.UserEvent;
import tap.policy.domain.UserEvent.UserChanged;
import tap.policy.domain.UserEvent.UserRemoved;
import tap.policy.domain.UserKind;
import tap.policy.domain.UserProfile;

import static org.assertj.core.api.Assertions.assertThat;

class StoredUserTest {
    private static final UUID ADA = UUID.fromString("0190b3f2-0000-7000-8000-000000000001");
    private static final UUID GROUP = UUID.fromString("0190b3f2-0000-7000-8000-000000000002");
    private static final String ROLE = "62e90394-69f5-4237-9190-012177145e10";
    private static final UserProfile PROFILE = new UserProfile(ADA, true, UserKind.EXTERNAL_GUEST, List.of(ROLE));

    @ParameterizedTest
    @MethodSource("events")
    void every_event_is_read_as_it_was_written(UserEvent event) {
        assertThat(StoredUser.EVENTS.read(StoredUser.EVENTS.write(event))).isEqualTo(event);
    }

    static Stream<UserEvent> events() {
        return Stream.of(new UserChanged(PROFILE, List.of(GROUP)), new UserRemoved(ADA));
    }

    @Test
    void there_is_an_example_of_every_event() {
        assertThat(events().map(Object::getClass)).containsExactlyInAnyOrder(UserEvent.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_of_user_is_read_as_it_was_written(UserKind kind) {
        UserEvent event = new UserChanged(new UserProfile(ADA, false, kind, List.of()), List.of());
        assertThat(StoredUser.EVENTS.read(StoredUser.EVENTS.write(event))).isEqualTo(event);
    }

    @Test
    void user_changed_is_stored_as_this_and_nothing_else() {
        EventCodec.Written written = StoredUser.EVENTS.write(new UserChanged(PROFILE, List.of(GROUP)));
        assertThat(written.type()).isEqualTo("user-changed.v1");
        assertThat(written.payload()).isEqualTo("""
                {"userId":"0190b3f2-0000-7000-8000-000000000001","active":true,"kind":"externalGuest",\
                "administratorRoles":["62e90394-69f5-4237-9190-012177145e10"],\
                "groupIds":["0190b3f2-0000-7000-8000-000000000002"]}""");
    }

    @Test
    void user_removed_is_stored_as_this_and_nothing_else() {
        EventCodec.Written written = StoredUser.EVENTS.write(new UserRemoved(ADA));
        assertThat(written.type()).isEqualTo("user-removed.v1");
        assertThat(written.payload()).isEqualTo("{\"userId\":\"0190b3f2-0000-7000-8000-000000000001\"}");
    }

    @ParameterizedTest
    @MethodSource("states")
    void every_state_is_read_as_it_was_written(User user) {
        var written = StoredUser.HEAD.write(user);
        assertThat(StoredUser.HEAD.read(written.json(), written.sealed())).isEqualTo(user);
        assertThat(written.partitionKey()).isEqualTo(ADA.toString());
        assertThat(written.ended()).isEqualTo(user instanceof User.Removed);
    }

    static Stream<User> states() {
        return Stream.of(new User.Provisioned(PROFILE, List.of(GROUP)), new User.Removed(ADA));
    }
}
