package tap.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tap.contract.Topic;
import tap.eventsourcing.AppendOutcome;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StateCodec;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.StreamAppend;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.relay.RelayOptions;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.Durability;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

/** A PostgreSQL with fsync on, a Kafka and a store of their own, for as long as a benchmark of the relay runs. */
final class RelayStage implements AutoCloseable {
    /** As the product's topics that are keyed by user. */
    static final int PARTITIONS = 12;

    private static final int FILLED_AT_ONCE = 10_000;
    private static final int FILLED_STREAMS = 50_000;

    private static final Metadata METADATA = new Metadata("benchmark", "benchmark", null);

    final EventStore store = new EventStore();
    final TestTopics topics;
    final Pool pool;
    private final Path folder;
    private final PostgresProcess postgres;
    private final KafkaProcess kafka;
    private final TestDatabase database;
    private final CloudEventRecords records;

    /** Starts both servers and creates the topics. */
    RelayStage(String... names) throws IOException {
        folder = Files.createTempDirectory("tap-relay-benchmark");
        postgres = PostgresProcess.start(folder.resolve("postgres"), 0, Durability.FULL);
        kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
        database = TestDatabase.create(postgres, "benchmark", TestDatabase.EVENT_SOURCING)
                .witnessed();
        topics = TestTopics.create(
                kafka,
                "benchmark",
                Stream.of(names)
                        .map(name -> new Topic(name, PARTITIONS, Map.of("retention.ms", "-1")))
                        .toList());
        pool = database.pool(40);
        records = new CloudEventRecords("benchmark", topics.prefix());
    }

    /** A relay with the product's options that publishes to one topic and wakes by this process's commits; not started. */
    Relay relay(String topic) {
        Relay relay = new Relay(
                RelayOptions.of(topics.bootstrap(), topics.prefix(), "benchmark"),
                pool,
                event -> List.of(record(topic, event)),
                new SimpleMeterRegistry());
        store.onCommitted(relay::wake);
        return relay;
    }

    /** The record that the relay makes of an event. */
    ProducerRecord<String, byte[]> record(String topic, StoredEvent event) {
        return records.record(topic, event);
    }

    /** A producer as plain as it can be with the relay's guarantees. */
    KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        topics.bootstrap(),
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** As the role that owns the tables. */
    Connection connectAsOwner() throws SQLException {
        return database.connectAsOwner();
    }

    /** Puts many events into the log, in transactions of {@value #FILLED_AT_ONCE}, past the heads. */
    void fill(int events) throws SQLException {
        try (Connection owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            for (int from = 0; from < events; from += FILLED_AT_ONCE) {
                int to = Math.min(events, from + FILLED_AT_ONCE) - 1;
                statement.execute("""
                        INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor,
                          correlation_id, payload)
                        SELECT 'user-' || n %% %1$d, n / %1$d + 1, gen_random_uuid(), 'pass-issued.v1',
                          'user-' || n %% %1$d, clock_timestamp(), 'benchmark', gen_random_uuid()::text, '%2$s'::json
                        FROM generate_series(%3$d, %4$d) n""".formatted(FILLED_STREAMS, payload("n"), from, to));
            }
            statement.execute("ANALYZE event");
        }
    }

    /** Makes the next relay publish the whole log again. */
    void rewind() throws SQLException {
        try (Connection owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute("UPDATE relay_cursor SET previous = '1:1:', target = NULL, last_seq = NULL, ends = '{}'");
        }
    }

    /** Appends an event to each of so many new streams, in one statement; the ids when it is committed, the relay woken. */
    Uni<List<UUID>> append(int streams) {
        List<StreamAppend> appends = IntStream.range(0, streams)
                .mapToObj(i -> {
                    String id = Ids.next().toString();
                    return new StreamAppend(
                            id,
                            0,
                            new StateCodec.Written("{}", null, id, false),
                            1,
                            List.of(new StreamAppend.NewEvent(Ids.next(), Instant.now(), METADATA, written(id))));
                })
                .toList();
        return store.append(pool, appends, Instant.now()).map(outcome -> {
            store.committed();
            return ((AppendOutcome.Done) outcome).appended().eventIds();
        });
    }

    /** The content of an event about a user. */
    static EventCodec.Written written(String user) {
        return new EventCodec.Written("pass-issued.v1", payload(user), null);
    }

    private static String payload(String user) {
        // the size of the contract's pass-issued.v1
        return """
                {"passId":"%1$s","userId":"%1$s","createdAt":"2026-01-01T00:00:00.000001Z","startsAt":null,\
                "endsAt":"2026-01-01T01:00:00.000001Z","isUsableOnce":true,"maximumUses":1,"policyRevision":7,\
                "replaces":null}""".formatted(user);
    }

    /** Used heap of this process in MiB. */
    static long heap() {
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / (1024 * 1024);
    }

    /** Seconds between two readings of {@link System#nanoTime}. */
    static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    /** Waits until this moment of {@link System#nanoTime}. */
    static void sleepUntil(long due) throws InterruptedException {
        long left = due - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        kafka.kill();
        postgres.kill();
        Directories.delete(folder);
    }
}
