package tap.eventsourcing.suites;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.CloudEventRecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class UnparkIT extends FollowingService {
    @Test
    void after_a_fix_a_stream_is_replayed_in_order_and_its_fence_is_gone() {
        send(event("a", 1));
        send(typed("a", 2, "impossible.v1"));
        send(event("a", 3));
        send(event("a", 4));
        pod(EVENTS);
        awaitParked(3);
        SimpleMeterRegistry meters = startUnpark();
        await().atMost(PATIENCE)
                .until(() -> meters.get("tap.parked").gauge().value() == 3
                        && meters.get("tap.parked.age").timeGauge().value() > 0);

        JsonObject still = unpark(null);
        assertThat(still.getLong("applied")).isZero();
        assertThat(reasons(still)).containsExactly("a: impossible");
        assertThat(count("parked")).isEqualTo(3);

        fixed.add("impossible.v1");
        assertThat(unpark(null).encode()).isEqualTo("{\"applied\":3,\"streamsLeft\":0,\"left\":[]}");
        assertThat(count("parked")).isZero();
        assertThat(told).hasSize(4);
        send(event("a", 5));
        awaitEffects(5);
        assertInOrder();
        await().atMost(PATIENCE)
                .until(() -> meters.get("tap.parked").gauge().value() == 0
                        && meters.get("tap.parked.age").timeGauge().value() == 0);
    }

    @Test
    void a_gap_is_replayed_when_what_was_missing_has_arrived_and_not_before() {
        send(event("a", 1));
        send(event("a", 3));
        send(event("a", 4));
        pod(EVENTS);
        awaitParked(2);
        startUnpark();

        assertThat(reasons(unpark("a"))).containsExactly("a: version 2 has not arrived; the next that is here is 3");
        assertThat(count("effect")).isEqualTo(1);

        send(event("a", 2));
        awaitParked(3);
        assertThat(unpark("a").getLong("applied")).isEqualTo(3);
        awaitEffects(4);
        assertInOrder();
    }

    @Test
    void a_fork_stays_parked_and_what_is_asked_for_alone_is_replayed_alone() {
        send(event("fork", 1));
        send(event("fork", 1));
        send(event("fork", 2));
        send(typed("a", 1, "impossible.v1"));
        send(typed("b", 1, "impossible.v1"));
        pod(EVENTS);
        awaitParked(4);
        startUnpark();
        fixed.add("impossible.v1");

        assertThat(unpark("a").getLong("applied")).isEqualTo(1);
        assertThat(column("SELECT DISTINCT stream_id FROM parked ORDER BY 1")).containsExactly("b", "fork");
        assertThat(reasons(unpark(null))).containsExactly("fork: fork: version 1 was another event");
        assertThat(column("SELECT stream_id || version FROM effect ORDER BY stream_id"))
                .containsExactly("a1", "b1", "fork1");
        assertThat(count("parked")).isEqualTo(2);
    }

    @Test
    void what_is_no_event_stays_parked_and_an_operator_may_say_that_it_is_nothing() {
        post(new ProducerRecord<>(topics.name(EVENTS), "someone", "hello".getBytes(StandardCharsets.UTF_8)));
        pod(EVENTS);
        awaitParked(1);
        startUnpark();

        assertThat(reasons(unpark("someone")))
                .containsExactly("someone: the CloudEvents attribute ce_specversion is missing");
        // what docs/operations.md says
        asOwner("DELETE FROM parked WHERE type IS NULL AND stream_id = 'someone'");
        send(event("someone", 1));
        awaitEffects(1);
    }

    @Test
    void what_an_older_build_could_not_read_is_replayed_by_one_that_can_with_what_waited_for_it() {
        send(event("a", 1));
        FollowingPod pod = pod(EVENTS);
        awaitEffects(1);
        pod.close();
        send(event("a", 2));
        awaitAcknowledged();
        ConsumerRecord<String, byte[]> second = topics.records(EVENTS).getLast();
        // as the older build left it
        Message unreadable = CloudEventRecords.unreadable(second, topics.prefix());
        asOwner("""
                INSERT INTO parked (source, stream_id, version, event_id, partition_key, topic, partition, "offset", reason)
                VALUES ('events', 'a', %d, '%s', 'a', 'events', %d, %d, 'CloudEvents 2.0')""".formatted(unreadable.version(), unreadable.eventId(), second.partition(), second.offset()));
        asOwner("UPDATE follower_offset SET next_offset = 2 WHERE next_offset = 1");
        send(event("a", 3));
        pod(EVENTS);
        awaitParked(2);
        startUnpark();

        assertThat(unpark("a").getLong("applied")).isEqualTo(2);
        awaitEffects(3);
        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void a_message_that_is_no_longer_at_its_place_stays_parked() {
        send(typed("a", 1, "impossible.v1"));
        pod(EVENTS);
        awaitParked(1);
        fixed.add("impossible.v1");
        startUnpark();
        asOwner("UPDATE parked SET \"offset\" = 1");
        assertThat(reasons(unpark("a")).getFirst()).contains("no longer at its place");
        asOwner("UPDATE parked SET \"offset\" = 0, event_id = '" + UUID.randomUUID() + "'");
        assertThat(reasons(unpark("a")).getFirst()).contains("no longer at its place");
        assertThat(count("effect")).isZero();
    }

    @Test
    void an_older_state_never_overwrites_a_newer_one() {
        post(records.companion(STATES.name(), typed("a", 1, "-"), "impossible.v1", "{}"));
        post(records.companion(STATES.name(), typed("b", 1, "-"), "impossible.v1", "{}"));
        post(records.companion(STATES.name(), event("a", 2), "state.v1", "{}"));
        pod(STATES);
        awaitEffects(1);
        awaitParked(2);
        startUnpark();
        fixed.add("impossible.v1");

        assertThat(unpark(null).getLong("applied")).isEqualTo(1);
        assertThat(column("SELECT stream_id || version FROM effect ORDER BY place"))
                .containsExactly("a2", "b1");
        assertThat(count("parked")).isZero();
    }

    @Test
    void a_request_whose_pod_was_ended_is_taken_up_again() {
        send(typed("a", 1, "impossible.v1"));
        pod(EVENTS);
        awaitParked(1);
        fixed.add("impossible.v1");
        asOwner("INSERT INTO unpark_request (taken_until) VALUES (tap_now() + interval '2 s')");
        startUnpark();

        awaitEffects(1);
        assertThat(count("parked")).isZero();
    }

    @Test
    void replays_while_more_of_the_same_streams_arrives_apply_each_message_once_and_in_order() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int streams = 12;
        int versions = 60;
        int all = streams * versions;
        pod(EVENTS);
        pod(EVENTS);
        startUnpark();
        startUnpark();
        for (int version = 1; version <= versions; version++) {
            for (int stream = 0; stream < streams; stream++) {
                // each time a replay heals a stream, another of its messages breaks it
                failures.put("broken-" + stream + "-" + version, random.nextInt(8) == 0 ? 2 : 0);
                send(typed("stream-" + stream, version, "broken-" + stream + "-" + version));
            }
            if (version % 6 == 0) {
                asOwner("INSERT INTO unpark_request (wanted) VALUES ("
                        + (random.nextBoolean() ? "null" : "'stream-" + random.nextInt(streams) + "'") + ")");
            }
        }
        awaitAcknowledged();
        await().atMost(PATIENCE.multipliedBy(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    unpark(null);
                    return count("effect") == all && count("parked") == 0;
                });

        assertInOrder();
        assertThat(told).hasSize(all);
    }

    private void awaitParked(int count) {
        awaitAcknowledged();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("parked")).isEqualTo(count));
    }

    private static List<String> reasons(JsonObject outcome) {
        return outcome.getJsonArray("left").stream()
                .map(JsonObject.class::cast)
                .map(left -> left.getString("stream") + ": " + left.getString("reason"))
                .collect(Collectors.toList());
    }
}
