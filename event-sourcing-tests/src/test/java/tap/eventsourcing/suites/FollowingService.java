package tap.eventsourcing.suites;

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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import tap.eventsourcing.followers.Unpark;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A service that follows a topic of events and one of states, on real PostgreSQL and Kafka; its effects are rows. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class FollowingService {
    static final Duration PATIENCE = Duration.ofSeconds(90);
    static final Topic EVENTS = new Topic("events", 4, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
    static final Topic STATES = new Topic("states", 2, Map.of("cleanup.policy", "compact"));
    static final Topic POSITIONS = new Topic("positions", 1, Map.of("cleanup.policy", "compact"));

    TestDatabase database;
    TestTopics topics;
    Pool pool;
    Broker broker;
    Positions positions;
    CloudEventRecords records;
    KafkaProducer<String, byte[]> producer;
    final List<FollowingPod> pods = new ArrayList<>();
    private final Map<Topic, Follower> followers = new HashMap<>();
    private final List<Unpark> unparks = new ArrayList<>();
    final List<Message> told = Collections.synchronizedList(new ArrayList<>());
    final List<Future<RecordMetadata>> posted = new ArrayList<>();
    /** How often a type still fails before it applies. */
    final Map<String, Integer> failures = new ConcurrentHashMap<>();
    /** Types that a newer or corrected build can apply. */
    final Set<String> fixed = ConcurrentHashMap.newKeySet();
    /** What effects wait for, in their transaction. */
    Supplier<CompletionStage<Void>> beforeEffects = () -> CompletableFuture.completedFuture(null);
    /** Where the follower that was made last counts. */
    SimpleMeterRegistry meters = new SimpleMeterRegistry();

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
        unparks.forEach(Unpark::close);
        pods.forEach(FollowingPod::close);
        positions.close();
        broker.close();
        producer.close();
        database.close();
    }

    void sendToAll(int version, int streams) {
        for (int stream = 0; stream < streams; stream++) {
            send(event("stream-" + stream, version));
        }
    }

    FollowingPod pod(Topic topic) {
        return pod(topic, Duration.ofMinutes(10));
    }

    FollowingPod pod(Topic topic, Duration holdFor) {
        FollowingPod pod =
                new FollowingPod(follower(topic, holdFor, broker), topics.bootstrap(), topics.name(topic), group());
        pods.add(pod);
        return pod;
    }

    String group() {
        return topics.prefix() + "reader";
    }

    Follower follower(Topic topic, Duration holdFor, Broker asked) {
        boolean compacted = topic.equals(STATES);
        FollowerOptions options = new FollowerOptions("reader", topic.name(), topics.prefix(), compacted, holdFor, 20);
        Reaction reaction = this::react;
        meters = new SimpleMeterRegistry();
        Follower follower = new Follower(options, asked, pool, reaction, this::fence, told::addAll, positions, meters);
        followers.put(topic, follower);
        return follower;
    }

    /** Starts what replays parked messages of the followers that were made last. */
    SimpleMeterRegistry startUnpark() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Unpark unpark = new Unpark(pool, topics.bootstrap(), List.copyOf(followers.values()), registry);
        unpark.start();
        unparks.add(unpark);
        return registry;
    }

    /** Asks, as an operator does, to have a stream or everything replayed, and returns what came of it. */
    JsonObject unpark(@Nullable String wanted) {
        long id = ask(wanted);
        String done = "SELECT outcome::text FROM unpark_request WHERE finished_at IS NOT NULL AND id = " + id;
        await().atMost(PATIENCE).until(() -> !column(done).isEmpty());
        return new JsonObject(column(done).getFirst());
    }

    private long ask(@Nullable String wanted) {
        try (Connection owner = database.connectAsOwner();
                var statement = owner.prepareStatement("INSERT INTO unpark_request (wanted) VALUES (?) RETURNING id")) {
            statement.setString(1, wanted);
            try (var asked = statement.executeQuery()) {
                asked.next();
                return asked.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a statement as whoever owns the database, which an operator may. */
    void asOwner(String sql) {
        try (Connection owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Uni<Void> react(SqlConnection transaction, Message message) {
        Uni<Void> effect = Uni.createFrom()
                .completionStage(() -> beforeEffects.get())
                .chain(() -> transaction
                        .preparedQuery("INSERT INTO effect (stream_id, version, event_id) VALUES ($1, $2, $3)")
                        .execute(Tuple.of(message.streamId(), message.version(), message.eventId())))
                .replaceWithVoid();
        // after the effect, so that it must be rolled back
        return effect.invoke(() -> {
            switch (message.type()) {
                case "impossible.v1" -> {
                    if (!fixed.contains("impossible.v1")) {
                        throw new NotApplicable("impossible");
                    }
                }
                case "unknown.v2" -> {
                    if (!fixed.contains("unknown.v2")) {
                        throw new UnknownEventType("unknown.v2");
                    }
                }
                case "flaky.v1" -> {
                    if (failures.merge("flaky.v1", -1, Integer::sum) >= 0) {
                        throw new IllegalStateException("not now");
                    }
                }
                default -> {
                    if (message.type().startsWith("broken") && failures.merge(message.type(), -1, Integer::sum) >= 0) {
                        throw new NotApplicable("broken");
                    }
                }
            }
        });
    }

    private Uni<Void> fence(SqlConnection transaction, Message message, String reason) {
        return transaction
                .preparedQuery("INSERT INTO fenced VALUES ($1, $2)")
                .execute(Tuple.of(message.partitionKey(), reason))
                .replaceWithVoid();
    }

    void post(ProducerRecord<String, byte[]> record) {
        posted.add(producer.send(record));
    }

    void send(StoredEvent event) {
        post(records.record(EVENTS.name(), event));
    }

    void send(StoredEvent event, List<StoredEvent> sent) {
        sent.add(event);
        send(event);
    }

    static StoredEvent event(String stream, long version) {
        return typed(stream, version, "counted.v1");
    }

    static StoredEvent typed(String stream, long version, String type) {
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

    static int partitionOf(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % EVENTS.partitions();
    }

    static String keyOf(int partition) {
        return keyOf(partition, "key-");
    }

    static String siblingOf(String key) {
        return keyOf(partitionOf(key), "sibling-");
    }

    static String keyOf(int partition, String prefix) {
        int next = 0;
        while (partitionOf(prefix + next) != partition) {
            next++;
        }
        return prefix + next;
    }

    void awaitAcknowledged() {
        posted.forEach(acknowledged -> assertThat(acknowledged).succeedsWithin(PATIENCE));
        posted.clear();
    }

    void awaitEffects(int count) {
        awaitAcknowledged();
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(count("effect")).isGreaterThanOrEqualTo(count));
        assertThat(count("effect")).isEqualTo(count);
    }

    void assertInOrder() {
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

    long count(String table) {
        return rows("SELECT count(*) AS n FROM " + table).getFirst().getLong("n");
    }

    List<String> column(String sql) {
        return rows(sql).stream().map(row -> row.getString(0)).toList();
    }

    List<Row> rows(String sql) {
        List<Row> rows = new ArrayList<>();
        pool.query(sql).execute().await().atMost(PATIENCE).forEach(rows::add);
        return rows;
    }
}
