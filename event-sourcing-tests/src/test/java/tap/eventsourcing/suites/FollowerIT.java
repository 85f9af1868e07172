package tap.eventsourcing.suites;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.localstack.infrastructure.TopicCreation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FollowerIT extends FollowingService {
    @Test
    void each_message_is_applied_once_and_each_stream_in_order_whatever_is_repeated() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        pod(EVENTS);
        int streams = 20;
        List<StoredEvent> sent = new ArrayList<>();
        for (int version = 1; version <= 25; version++) {
            for (int stream = 0; stream < streams; stream++) {
                send(event("stream-" + stream, version), sent);
                if (random.nextInt(4) == 0) {
                    // a relay that began again from its cursor
                    StoredEvent again = sent.get(random.nextInt(sent.size()));
                    post(records.record(EVENTS.name(), again));
                }
            }
        }
        awaitEffects(streams * 25);

        assertInOrder();
        assertThat(told).hasSize(streams * 25);
        assertThat(count("parked")).isZero();
    }

    @Test
    void pods_that_share_the_partitions_apply_each_message_once() {
        pod(EVENTS);
        for (int version = 1; version <= 10; version++) {
            sendToAll(version, 30);
        }
        pod(EVENTS);
        for (int version = 11; version <= 20; version++) {
            sendToAll(version, 30);
        }
        awaitEffects(600);
        pods.removeFirst().close();
        for (int version = 21; version <= 30; version++) {
            sendToAll(version, 30);
        }
        awaitEffects(900);

        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void what_can_never_be_applied_is_parked_with_its_stream_and_fenced_and_others_go_on() {
        send(event("good", 1));
        send(event("bad", 1));
        send(typed("bad", 2, "impossible.v1"));
        send(event("bad", 3));
        send(event("good", 2));
        pod(EVENTS);
        awaitEffects(3);

        await().atMost(PATIENCE).until(() -> count("parked") == 2);
        assertThat(column("SELECT DISTINCT key FROM fenced")).containsExactly("bad");
        assertThat(column("SELECT stream_id || version FROM effect ORDER BY stream_id, version"))
                .containsExactly("bad1", "good1", "good2");
    }

    @Test
    void a_gap_and_a_fork_are_parked_and_fenced() {
        send(event("gap", 1));
        send(event("gap", 3));
        send(event("fork", 1));
        send(event("fork", 1));
        pod(EVENTS);
        await().atMost(PATIENCE).until(() -> count("parked") == 2);

        assertThat(column("SELECT stream_id || ': ' || left(reason, 4) FROM parked ORDER BY 1"))
                .containsExactly("fork: fork", "gap: gap:");
        assertThat(column("SELECT key FROM fenced ORDER BY 1")).containsExactly("fork", "gap");
        assertThat(count("effect")).isEqualTo(2);
    }

    @Test
    void a_record_that_is_no_event_is_parked_under_its_key() {
        post(new ProducerRecord<>(topics.name(EVENTS), "someone", "hello".getBytes(StandardCharsets.UTF_8)));
        send(event("good", 1));
        pod(EVENTS);
        awaitEffects(1);

        await().atMost(PATIENCE).until(() -> count("parked") == 1);
        assertThat(column("SELECT key FROM fenced")).containsExactly("someone");
    }

    @Test
    void an_unknown_type_holds_its_partition_and_is_applied_by_a_newer_build() {
        String held = keyOf(0);
        String free = keyOf(1);
        send(event(held, 1));
        send(typed(held, 2, "unknown.v2"));
        send(event(held, 3));
        send(event(free, 1));
        FollowingPod old = pod(EVENTS, Duration.ofMinutes(10));
        awaitEffects(2);
        send(event(held, 4));
        send(event(free, 2));
        awaitEffects(3);
        assertThat(column("SELECT version::text FROM effect WHERE stream_id = '" + held + "'"))
                .containsExactly("1");

        old.close();
        fixed.add("unknown.v2");
        pod(EVENTS);
        awaitEffects(6);

        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void an_unknown_type_that_stays_unknown_is_parked_in_the_end_and_nothing_is_dropped() {
        String held = keyOf(0);
        String sibling = siblingOf(held);
        send(typed(held, 1, "unknown.v2"));
        send(event(sibling, 1));
        pod(EVENTS, Duration.ofSeconds(1));
        send(event(sibling, 2));
        send(event(held, 2));
        awaitEffects(2);

        await().atMost(PATIENCE).until(() -> count("parked") == 2);
        assertInOrder();
        assertThat(column("SELECT DISTINCT stream_id FROM effect")).containsExactly(sibling);
    }

    @Test
    void a_passing_fault_is_waited_out_in_place_and_order_is_kept() {
        failures.put("flaky.v1", 5);
        send(event("a", 1));
        send(typed("a", 2, "flaky.v1"));
        send(event("a", 3));
        pod(EVENTS);
        awaitEffects(3);

        assertInOrder();
        assertThat(count("parked")).isZero();
        assertThat(told).hasSize(3);
    }

    @Test
    void a_compacted_topic_has_no_sequence_and_its_tombstones_arrive() {
        post(records.companion(STATES.name(), event("a", 7), "state.v1", "{\"n\":1}"));
        post(records.companion(STATES.name(), event("a", 7), "state.v1", "{\"n\":1}"));
        post(records.companion(STATES.name(), event("a", 9), "state.v1", null));
        pod(STATES);
        awaitEffects(3);

        assertThat(told.getLast().payload()).isEqualTo(CloudEventRecords.TOMBSTONE);
        assertThat(count("received")).isZero();
    }

    @Test
    void positions_say_how_far_each_partition_is_applied() {
        send(event("a", 1));
        send(event("a", 2));
        pod(EVENTS);
        awaitEffects(2);
        int partition = partitionOf("a");

        await().atMost(PATIENCE).untilAsserted(() -> {
            String last = null;
            for (ConsumerRecord<String, byte[]> record : topics.records(POSITIONS)) {
                if (record.key().equals("reader/events/" + partition)) {
                    last = new String(record.value(), StandardCharsets.UTF_8);
                }
            }
            assertThat(last).isEqualTo("2");
        });
    }

    @Test
    void caught_up_is_said_when_the_ends_of_the_start_are_applied_and_without_kafka_only_of_a_copy_that_was() {
        send(event("a", 1));
        // the ends of the start must include it
        awaitAcknowledged();
        Follower first = follower(EVENTS, Duration.ofMinutes(10), broker);
        assertThat(first.caughtUp()).isFalse();
        pods.add(new FollowingPod(first, topics.bootstrap(), topics.name(EVENTS), group()));
        await().atMost(PATIENCE).until(first::caughtUp);
        assertThat(count("effect")).isEqualTo(1);

        try (Broker away = new Broker("localhost:1");
                Follower complete = follower(EVENTS, Duration.ofMinutes(10), away);
                Follower never = follower(STATES, Duration.ofMinutes(10), away)) {
            complete.start();
            never.start();
            await().atMost(PATIENCE).until(complete::caughtUp);
            assertThat(never.caughtUp()).isFalse();
        }
    }

    @Test
    void a_gap_in_one_users_stream_does_not_hold_up_anothers_revocation() {
        String gapped = keyOf(0);
        String sibling = siblingOf(gapped);
        send(event(gapped, 1));
        send(event(sibling, 1));
        send(event(gapped, 3));
        send(event(sibling, 2));
        send(event(gapped, 4));
        send(event(sibling, 3));
        pod(EVENTS);
        awaitEffects(4);

        assertThat(column("SELECT version::text FROM effect WHERE stream_id = '" + sibling + "' ORDER BY place"))
                .containsExactly("1", "2", "3");
        await().atMost(PATIENCE).until(() -> count("parked") == 2);
        assertThat(column("SELECT DISTINCT key FROM fenced")).containsExactly(gapped);
        assertThat(meters.counter("tap.follower.parked", "topic", "events").count())
                .isEqualTo(2);
        assertThat(meters.counter("tap.follower.forks", "topic", "events").count())
                .isZero();
    }

    @Test
    void a_fork_is_counted_as_one() {
        send(event("fork", 1));
        send(event("fork", 1));
        pod(EVENTS);

        await().atMost(PATIENCE)
                .until(() ->
                        meters.counter("tap.follower.forks", "topic", "events").count() == 1);
        assertThat(column("SELECT key FROM fenced")).containsExactly("fork");
    }

    @Test
    void another_major_version_of_cloudevents_holds_its_partition_and_is_parked_in_the_end() {
        ProducerRecord<String, byte[]> newer = records.record(EVENTS.name(), event("newer", 1));
        newer.headers().remove("ce_specversion").add("ce_specversion", "2.0".getBytes(StandardCharsets.UTF_8));
        post(newer);
        Follower follower = follower(EVENTS, Duration.ofSeconds(2), broker);
        pods.add(new FollowingPod(follower, topics.bootstrap(), topics.name(EVENTS), group()));

        await().atMost(PATIENCE).until(() -> follower.held() == 1);
        assertThat(meters.get("tap.follower.held").gauge().value()).isEqualTo(1);
        assertThat(count("parked")).isZero();
        await().atMost(PATIENCE).until(() -> count("parked") == 1);
        await().atMost(PATIENCE).until(() -> follower.held() == 0);
        assertThat(column("SELECT key FROM fenced")).containsExactly("newer");
        assertThat(count("effect")).isZero();
    }

    @Test
    void a_pod_that_lost_its_partition_does_not_apply_what_it_has_in_hand() {
        sendToAll(1, 5);
        sendToAll(2, 5);
        awaitAcknowledged();
        Follower zombie = follower(EVENTS, Duration.ofMinutes(10), broker);
        zombie.startOffsets(partitionsOf(EVENTS));
        Follower owner = follower(EVENTS, Duration.ofMinutes(10), broker);
        owner.startOffsets(partitionsOf(EVENTS));

        owner.apply(inHand(EVENTS)).await().atMost(PATIENCE);
        // it was never told that its partitions are another's
        zombie.apply(inHand(EVENTS)).await().atMost(PATIENCE);

        assertThat(count("effect")).isEqualTo(10);
        assertThat(told).hasSize(10);
        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void a_pod_that_is_in_the_middle_of_a_chunk_when_another_takes_over_leaves_each_message_applied_once()
            throws InterruptedException {
        sendToAll(1, 5);
        awaitAcknowledged();
        CountDownLatch under = new CountDownLatch(1);
        CompletableFuture<Void> thawed = new CompletableFuture<>();
        beforeEffects = () -> {
            under.countDown();
            return thawed;
        };
        Follower zombie = follower(EVENTS, Duration.ofMinutes(10), broker);
        zombie.startOffsets(partitionsOf(EVENTS));
        CompletableFuture<Void> frozen = zombie.apply(inHand(EVENTS)).subscribeAsCompletionStage();
        assertThat(under.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        Follower owner = follower(EVENTS, Duration.ofMinutes(10), broker);
        owner.startOffsets(partitionsOf(EVENTS));
        // waits at the rows of the zombie's transactions
        CompletableFuture<Void> waiting = owner.apply(inHand(EVENTS)).subscribeAsCompletionStage();
        zombie.revoked(partitionsOf(EVENTS));
        thawed.complete(null);

        assertThat(frozen).succeedsWithin(PATIENCE);
        assertThat(waiting).succeedsWithin(PATIENCE);
        assertThat(count("effect")).isEqualTo(5);
        assertInOrder();
    }

    @Test
    void pods_that_come_and_go_under_load_apply_each_message_once_and_in_order() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int streams = 30;
        for (int version = 1; version <= 24; version++) {
            if (pods.size() < 3 && random.nextBoolean()) {
                pod(EVENTS);
            } else if (!pods.isEmpty() && random.nextInt(3) == 0) {
                pods.remove(random.nextInt(pods.size())).close();
            }
            sendToAll(version, streams);
        }
        pod(EVENTS);
        awaitEffects(24 * streams);

        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void a_topic_that_was_deleted_and_made_anew_is_not_applied_until_an_operator_decides() throws Exception {
        StoredEvent first = event("a", 1);
        send(first);
        pod(EVENTS);
        awaitEffects(1);
        Follower follower = follower(EVENTS, Duration.ofMinutes(10), broker);
        FollowingPod pod = new FollowingPod(follower, topics.bootstrap(), topics.name(EVENTS), group());
        pods.removeFirst().close();
        pods.add(pod);
        await().atMost(PATIENCE).until(follower::caughtUp);

        String topicId = recreate(EVENTS);
        send(first);
        send(event("a", 2));
        send(event("b", 1));
        awaitAcknowledged();
        await().atMost(PATIENCE).until(() -> follower.held() == EVENTS.partitions());
        assertThat(count("effect")).isEqualTo(1);
        assertThat(meters.get("tap.follower.held").gauge().value()).isEqualTo(EVENTS.partitions());

        // what docs/operations.md says
        pod.close();
        asOwner("UPDATE follower_offset SET topic_id = '" + topicId + "', next_offset = 0 WHERE topic = 'events'");
        pod(EVENTS);
        awaitEffects(3);
        assertInOrder();
        assertThat(count("parked")).isZero();
    }

    @Test
    void a_topic_that_was_made_anew_while_no_pod_ran_is_not_applied() throws Exception {
        send(event("a", 1));
        pod(EVENTS);
        awaitEffects(1);
        pods.removeFirst().close();
        recreate(EVENTS);
        send(event("a", 2));
        Follower follower = follower(EVENTS, Duration.ofMinutes(10), broker);
        pods.add(new FollowingPod(follower, topics.bootstrap(), topics.name(EVENTS), group()));

        await().atMost(PATIENCE).until(() -> follower.held() == EVENTS.partitions());
        assertThat(follower.lag()).isEqualTo(-1);
        assertThat(count("effect")).isEqualTo(1);
    }

    private String recreate(Topic topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrap()))) {
            List<String> name = List.of(topics.name(topic));
            admin.deleteTopics(name).all().get(30, TimeUnit.SECONDS);
            await().atMost(PATIENCE)
                    .until(() -> !admin.listTopics()
                            .names()
                            .get(30, TimeUnit.SECONDS)
                            .contains(topics.name(topic)));
            TopicCreation.create(topics.bootstrap(), topics.prefix(), List.of(topic));
            return admin.describeTopics(name)
                    .allTopicNames()
                    .get(30, TimeUnit.SECONDS)
                    .values()
                    .iterator()
                    .next()
                    .topicId()
                    .toString();
        }
    }

    private ConsumerRecords<String, byte[]> inHand(Topic topic) {
        return new ConsumerRecords<>(
                topics.records(topic).stream()
                        .collect(Collectors.groupingBy(
                                record -> new TopicPartition(record.topic(), record.partition()))),
                Map.of());
    }

    private List<TopicPartition> partitionsOf(Topic topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(partition -> new TopicPartition(topics.name(topic), partition))
                .toList();
    }
}
