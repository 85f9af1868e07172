package tap.eventsourcing.followers;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.followers.Sequence.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

class SequenceTest {
    private static final Offsets.Seen NEW = new Offsets.Seen(0, null, false);

    private final Message first = message("a", 1);
    private final Message second = message("a", 2);
    private final Message third = message("a", 3);

    @Test
    void the_next_of_each_stream_is_applied() {
        Message other = message("b", 1);

        assertThat(Sequence.judge(List.of(first, other, second), List.of(NEW, NEW, NEW)))
                .containsExactly(new Verdict.Next(first), new Verdict.Next(other), new Verdict.Next(second));
    }

    @Test
    void what_was_received_before_is_seen() {
        assertThat(Sequence.judge(
                        List.of(first, second, third),
                        List.of(received(2, first), received(2, second), new Offsets.Seen(2, null, false))))
                .containsExactly(new Verdict.Seen(first), new Verdict.Seen(second), new Verdict.Next(third));
    }

    @Test
    void what_came_twice_in_one_chunk_is_seen_the_second_time() {
        assertThat(Sequence.judge(List.of(first, second, first, second), List.of(NEW, NEW, NEW, NEW)))
                .containsExactly(
                        new Verdict.Next(first),
                        new Verdict.Next(second),
                        new Verdict.Seen(first),
                        new Verdict.Seen(second));
    }

    @Test
    void another_event_at_a_known_version_is_a_fork() {
        assertThat(Sequence.judge(List.of(first), List.of(new Offsets.Seen(4, UUID.randomUUID(), false))))
                .singleElement()
                .isInstanceOfSatisfying(
                        Verdict.Park.class, park -> assertThat(park.fork()).isTrue());
    }

    @Test
    void a_fork_within_a_chunk_is_one_too() {
        assertThat(Sequence.judge(List.of(first, message("a", 1)), List.of(NEW, NEW))
                        .getLast())
                .isInstanceOfSatisfying(
                        Verdict.Park.class, park -> assertThat(park.fork()).isTrue());
    }

    @Test
    void after_a_gap_the_stream_is_parked_and_others_are_not() {
        Message other = message("b", 1);
        Message fourth = message("a", 4);

        assertThat(Sequence.judge(List.of(first, third, fourth, other), List.of(NEW, NEW, NEW, NEW)))
                .satisfiesExactly(
                        verdict -> assertThat(verdict).isEqualTo(new Verdict.Next(first)),
                        verdict -> assertThat(verdict)
                                .isInstanceOfSatisfying(
                                        Verdict.Park.class,
                                        park -> assertThat(park.reason()).contains("gap")),
                        verdict -> assertThat(verdict).isInstanceOf(Verdict.Park.class),
                        verdict -> assertThat(verdict).isEqualTo(new Verdict.Next(other)));
    }

    @Test
    void the_missing_message_does_not_unpark_its_stream() {
        assertThat(Sequence.judge(List.of(first, third, second), List.of(NEW, NEW, NEW))
                        .getLast())
                .isInstanceOf(Verdict.Park.class);
    }

    @Test
    void a_parked_stream_stays_parked_but_what_was_applied_is_still_seen() {
        Offsets.Seen parked = new Offsets.Seen(1, null, true);

        assertThat(Sequence.judge(List.of(first, second), List.of(new Offsets.Seen(1, first.eventId(), true), parked)))
                .satisfiesExactly(
                        verdict -> assertThat(verdict).isEqualTo(new Verdict.Seen(first)),
                        verdict -> assertThat(verdict).isInstanceOf(Verdict.Park.class));
    }

    private static Offsets.Seen received(long latest, Message known) {
        return new Offsets.Seen(latest, known.eventId(), false);
    }

    private static Message message(String stream, long version) {
        @Nullable String noCause = null;
        return new Message(
                "lamps",
                0,
                version,
                "lamp-service",
                UUID.randomUUID(),
                "switched-on.v1",
                stream,
                version,
                "key",
                Instant.EPOCH,
                new Metadata("actor", "correlation", noCause),
                "{}",
                null);
    }
}
