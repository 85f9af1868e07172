package tap.eventsourcing;

import java.util.UUID;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonCodecsTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    sealed interface DoorEvent {
        record Opened(UUID id, int by) implements DoorEvent {}

        record Locked(SealedPart key) implements DoorEvent {}
    }

    sealed interface Door {
        record Open(int by) implements Door {}

        sealed interface Shut extends Door {
            record Bolted(@Nullable String note) implements Shut {}
        }
    }

    record OpenedV2(UUID id, int by) {}

    record OpenedV1(UUID id) {}

    record LockedV1() {}

    @Nested
    class Events {
        private final JsonEventCodec<DoorEvent> codec = JsonEventCodec.<DoorEvent>with(MAPPER)
                .event(
                        "opened.v2",
                        DoorEvent.Opened.class,
                        OpenedV2.class,
                        e -> new OpenedV2(e.id(), e.by()),
                        r -> new DoorEvent.Opened(r.id(), r.by()))
                .identified(DoorEvent.Opened.class, DoorEvent.Opened::id)
                .older("opened.v1", OpenedV1.class, (r, part) -> new DoorEvent.Opened(r.id(), 0))
                .sealedEvent(
                        "locked.v1",
                        DoorEvent.Locked.class,
                        LockedV1.class,
                        e -> new LockedV1(),
                        DoorEvent.Locked::key,
                        (r, part) -> new DoorEvent.Locked(part == null ? SealedPart.of(new byte[0]) : part))
                .build();

        @Test
        void writes_the_stored_name_and_the_exact_record() {
            UUID id = new UUID(7, 7);
            EventCodec.Written written = codec.write(new DoorEvent.Opened(id, 3));
            assertThat(written)
                    .isEqualTo(new EventCodec.Written("opened.v2", "{\"id\":\"" + id + "\",\"by\":3}", null));
            assertThat(codec.read(written)).isEqualTo(new DoorEvent.Opened(id, 3));
        }

        @Test
        void keeps_the_sealed_part_out_of_the_payload() {
            DoorEvent.Locked locked = new DoorEvent.Locked(SealedPart.of(new byte[] {1, 2}));
            EventCodec.Written written = codec.write(locked);
            assertThat(written.payload()).isEqualTo("{}");
            assertThat(written.sealed()).isEqualTo(locked.key());
            assertThat(codec.read(written)).isEqualTo(locked);
        }

        @Test
        void makes_todays_event_of_an_older_version() {
            UUID id = new UUID(7, 7);
            assertThat(codec.read(new EventCodec.Written("opened.v1", "{\"id\":\"" + id + "\"}", null)))
                    .isEqualTo(new DoorEvent.Opened(id, 0));
        }

        @Test
        void members_that_a_newer_build_added_are_ignored() {
            UUID id = new UUID(7, 7);
            String newer = "{\"id\":\"" + id + "\",\"by\":3,\"through\":{\"door\":1}}";
            assertThat(codec.read(new EventCodec.Written("opened.v2", newer, null)))
                    .isEqualTo(new DoorEvent.Opened(id, 3));
        }

        @Test
        void an_event_may_bring_its_own_id() {
            UUID id = new UUID(7, 7);
            assertThat(codec.id(new DoorEvent.Opened(id, 1))).contains(id);
            assertThat(codec.id(new DoorEvent.Locked(SealedPart.of(new byte[0]))))
                    .isEmpty();
        }

        @Test
        void an_unknown_type_fails_loudly() {
            assertThatThrownBy(() -> codec.read(new EventCodec.Written("opened.v3", "{}", null)))
                    .isInstanceOf(UnknownEventType.class)
                    .hasMessageContaining("opened.v3");
        }

        @Test
        void a_stored_name_stands_for_one_record() {
            JsonEventCodec.Builder<DoorEvent> builder = JsonEventCodec.<DoorEvent>with(MAPPER)
                    .older("opened.v1", OpenedV1.class, (r, part) -> new DoorEvent.Opened(r.id(), 0));
            assertThatThrownBy(() ->
                            builder.older("opened.v1", OpenedV1.class, (r, part) -> new DoorEvent.Opened(r.id(), 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("opened.v1");
        }
    }

    @Nested
    class States {
        private final JsonStateCodec<Door> codec =
                new JsonStateCodec<>(Door.class, 4, MAPPER, state -> "hall", state -> state instanceof Door.Shut);

        @Test
        void names_the_record_and_reads_it_back() {
            StateCodec.Written written = codec.write(new Door.Open(3));
            assertThat(written).isEqualTo(new StateCodec.Written("{\"is\":\"Open\",\"by\":3}", null, "hall", false));
            assertThat(codec.read(written.json(), null)).isEqualTo(new Door.Open(3));
        }

        @Test
        void knows_the_members_of_sealed_members() {
            StateCodec.Written written = codec.write(new Door.Shut.Bolted(null));
            assertThat(written.ended()).isTrue();
            assertThat(codec.read(written.json(), null)).isEqualTo(new Door.Shut.Bolted(null));
        }
    }
}
