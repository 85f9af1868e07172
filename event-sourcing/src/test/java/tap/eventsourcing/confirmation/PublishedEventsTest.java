package tap.eventsourcing.confirmation;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.relay.Published;

import static org.assertj.core.api.Assertions.assertThat;

class PublishedEventsTest {
    private static final TopicPartition ONE = new TopicPartition("lamps", 1);
    private static final TopicPartition TWO = new TopicPartition("lamps", 2);

    private final UUID a = UUID.randomUUID();
    private final UUID b = UUID.randomUUID();
    private final PublishedEvents events = new PublishedEvents();

    @Test
    void the_ends_of_several_events_are_the_furthest_of_each_partition() {
        events.published(List.of(new Published(a, Map.of(ONE, 5L, TWO, 9L)), new Published(b, Map.of(ONE, 6L))));

        assertThat(events.ends(List.of(a, b))).isEqualTo(Map.of(ONE, 6L, TWO, 9L));
    }

    @Test
    void while_one_of_them_is_not_published_there_are_none() {
        events.published(List.of(new Published(a, Map.of(ONE, 5L))));

        assertThat(events.ends(List.of(a, b))).isNull();
    }

    @Test
    void a_listener_is_told_once_and_one_that_left_never() {
        AtomicInteger told = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        Runnable gone = left::incrementAndGet;
        events.listen(a, told::incrementAndGet);
        events.listen(a, gone);
        events.forget(a, gone);
        events.published(List.of(new Published(a, Map.of(ONE, 5L))));
        events.published(List.of(new Published(a, Map.of(ONE, 5L))));

        assertThat(told).hasValue(1);
        assertThat(left).hasValue(0);
    }

    @Test
    void what_is_long_past_is_forgotten() {
        events.published(List.of(new Published(a, Map.of(ONE, 5L))));
        events.published(Stream.generate(() -> new Published(UUID.randomUUID(), Map.of(ONE, 6L)))
                .limit(5_000)
                .toList());

        assertThat(events.ends(List.of(a))).isNull();
    }
}
