package tap.testkit;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.followers.FollowerOptions;
import tap.eventsourcing.followers.Positions;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class FollowerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Topic EVENTS =
            new Topic("events", 4, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
    private static final Topic STATES = new Topic("states", 2, Map.of("cleanup.policy", "compact"));
    private static final Topic POSITIONS = new Topic("positions", 1, Map.of("cleanup.policy", "compact"));

    private TestDatabase database;
    private TestTopics topics;
    private Pool pool;
    private Broker broker;
    private Positions positions;
    private CloudEventRecords records;
    private KafkaProducer<String, byte[]> producer;
    private final List<FollowingPod> pods = new ArrayList<>();
    private final List<Message> told = Collections.synchronizedList(new ArrayList<>());
    private final List<Future<RecordMetadata>> posted = new ArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.create("follower", TestDatabase.EVENT_SOURCING);
        try (Connection owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            String service = database.credentials().serviceUser();
            statement.execute("CREATE TABLE effect (place bigint GENERATED ALWAYS AS IDENTITY, stream_id text,"
                    + " version bigint, event_id uuid)");
            statement.execute("CREATE TABLE fenced (key text, reason text)");
            statement.execute("GRANT SELECT, INSERT ON effect, fenced TO " + service);
        }
        pool = database.pool(12);
        topics = TestTopics.create("follower", EVENTS, STATES, POSITIONS);
        broker = new Broker(topics.bootstrap());
        positions = new Positions(topics.bootstrap(), topics.name(POSITIONS), "reader", topics.prefix());
        positions.start();
        records = new CloudEventRecords("writer", topics.prefix());
        producer = topics.producer();
    }

    @AfterEach
    void close() {
        pods.forEach(FollowingPod::close);
        positions.close();
        broker.close();
        producer.close();
        database.close();
    }

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
        failures.put("unknown.v2", 0);
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
    void a_topic_that_was_made_anew_is_not_applied() throws SQLException {
        send(event("a", 1));
        FollowingPod first = pod(EVENTS);
        awaitEffects(1);
        first.close();
        try (Connection owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute("UPDATE follower_offset SET topic_id = 'another', next_offset = 0");
        }
        Follower follower = follower(EVENTS, Duration.ofMinutes(10), broker);
        pods.add(new FollowingPod(follower, topics.bootstrap(), topics.name(EVENTS), group()));
        send(event("a", 2));

        await().atMost(PATIENCE).until(() -> follower.held() == EVENTS.partitions());
        assertThat(count("effect")).isEqualTo(1);
    }

    private void sendToAll(int version, int streams) {
        for (int stream = 0; stream < streams; stream++) {
            send(event("stream-" + stream, version));
        }
    }

    private FollowingPod pod(Topic topic) {
        return pod(topic, Duration.ofMinutes(10));
    }

    private FollowingPod pod(Topic topic, Duration holdFor) {
        FollowingPod pod =
                new FollowingPod(follower(topic, holdFor, broker), topics.bootstrap(), topics.name(topic), group());
        pods.add(pod);
        return pod;
    }

    private String group() {
        return topics.prefix() + "reader";
    }

    private Follower follower(Topic topic, Duration holdFor, Broker asked) {
        boolean compacted = topic.equals(STATES);
        FollowerOptions options = new FollowerOptions("reader", topic.name(), topics.prefix(), compacted, holdFor, 20);
        Reaction reaction = this::react;
        return new Follower(
                options, asked, pool, reaction, this::fence, told::addAll, positions, new SimpleMeterRegistry());
    }

    private Uni<Void> react(SqlConnection transaction, Message message) {
        Uni<Void> effect = transaction
                .preparedQuery("INSERT INTO effect (stream_id, version, event_id) VALUES ($1, $2, $3)")
                .execute(Tuple.of(message.streamId(), message.version(), message.eventId()))
                .replaceWithVoid();
        // after the effect, so that it must be rolled back
        return effect.invoke(() -> {
            switch (message.type()) {
                case "impossible.v1" -> throw new NotApplicable("impossible");
                case "unknown.v2" -> {
                    if (!failures.containsKey("unknown.v2")) {
                        throw new UnknownEventType("unknown.v2");
                    }
                }
                case "flaky.v1" -> {
                    if (failures.merge("flaky.v1", -1, Integer::sum) >= 0) {
                        throw new IllegalStateException("not now");
                    }
                }
                default -> {}
            }
        });
    }

    private Uni<Void> fence(SqlConnection transaction, Message message, String reason) {
        return transaction
                .preparedQuery("INSERT INTO fenced VALUES ($1, $2)")
                .execute(Tuple.of(message.partitionKey(), reason))
                .replaceWithVoid();
    }

    private void post(ProducerRecord<String, byte[]> record) {
        posted.add(producer.send(record));
    }

    private void send(StoredEvent event) {
        post(records.record(EVENTS.name(), event));
    }

    private void send(StoredEvent event, List<StoredEvent> sent) {
        sent.add(event);
        send(event);
    }

    private static StoredEvent event(String stream, long version) {
        return typed(stream, version, "counted.v1");
    }

    private static StoredEvent typed(String stream, long version, String type) {
        return new StoredEvent(
                version,
                UUID.randomUUID(),
                stream,
                version,
                stream,
                Instant.now(),
                TallyService.metadata(),
                new EventCodec.Written(type, "{\"version\":" + version + "}", null));
    }

    private static int partitionOf(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % EVENTS.partitions();
    }

    private static String keyOf(int partition) {
        return keyOf(partition, "key-");
    }

    private static String siblingOf(String key) {
        return keyOf(partitionOf(key), "sibling-");
    }

    private static String keyOf(int partition, String prefix) {
        int next = 0;
        while (partitionOf(prefix + next) != partition) {
            next++;
        }
        return prefix + next;
    }

    private void awaitAcknowledged() {
        posted.forEach(acknowledged -> assertThat(acknowledged).succeedsWithin(PATIENCE));
        posted.clear();
    }

    private void awaitEffects(int count) {
        awaitAcknowledged();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(count("effect")).isGreaterThanOrEqualTo(count));
        assertThat(count("effect")).isEqualTo(count);
    }

    private void assertInOrder() {
        Map<String, Long> reached = new HashMap<>();
        for (Row row : rows("SELECT stream_id, version FROM effect ORDER BY place")) {
            long version = row.getLong("version");
            assertThat(version)
                    .as("the next of %s", row.getString("stream_id"))
                    .isEqualTo(reached.getOrDefault(row.getString("stream_id"), 0L) + 1);
            reached.put(row.getString("stream_id"), version);
        }
        assertThat(reached).isNotEmpty();
    }

    private long count(String table) {
        return rows("SELECT count(*) AS n FROM " + table).getFirst().getLong("n");
    }

    private List<String> column(String sql) {
        return rows(sql).stream().map(row -> row.getString(0)).toList();
    }

    private List<Row> rows(String sql) {
        List<Row> rows = new ArrayList<>();
        pool.query(sql).execute().await().atMost(PATIENCE).forEach(rows::add);
        return rows;
    }
}
