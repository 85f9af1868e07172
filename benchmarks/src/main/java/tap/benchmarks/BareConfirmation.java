package tap.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tap.eventsourcing.Ids;

/**
 * The way of a confirmation with nothing in it that could be left out: a row is committed and sent, whoever receives it commits a
 * row and sends an answer, and the answer is back. No relay, no decision, no exactly-once, no second JVM.
 */
final class BareConfirmation implements AutoCloseable {
    private static final String WRITE = "INSERT INTO bare (id, what) VALUES ($1, $2)";
    private static final byte[] CONTENT = "x".repeat(300).getBytes(StandardCharsets.UTF_8);

    private final RelayStage stage = new RelayStage("asked", "answered");
    private final KafkaProducer<String, byte[]> producer = stage.producer();
    private final AtomicBoolean done = new AtomicBoolean();
    private volatile Arrivals arrivals = new Arrivals();

    BareConfirmation() throws Exception {
        try (Connection owner = stage.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute("CREATE TABLE bare (id uuid, what text, PRIMARY KEY (id, what))");
            statement.execute("GRANT INSERT ON bare TO PUBLIC");
        }
        Thread.ofPlatform()
                .daemon()
                .start(() -> consume(
                        "asked",
                        id -> stage.pool
                                .preparedQuery(WRITE)
                                .execute(Tuple.of(id, "answer"))
                                .invoke(rows -> send("answered", id))
                                .await()
                                .atMost(Duration.ofSeconds(10))));
        Thread.ofPlatform().daemon().start(() -> consume("answered", id -> arrivals.arrived(id)));
    }

    /** Runs it at a rate, each due when it is due whatever became of those before. */
    Arrivals play(int rate, int seconds) throws InterruptedException {
        arrivals = new Arrivals();
        long interval = 1_000_000_000L / rate;
        long begin = System.nanoTime();
        for (int i = 0; i < rate * seconds; i++) {
            long due = begin + i * interval;
            RelayStage.sleepUntil(due);
            UUID id = Ids.next();
            stage.pool
                    .preparedQuery(WRITE)
                    .execute(Tuple.of(id, "event"))
                    .subscribe()
                    .with(
                            rows -> {
                                arrivals.sent(id, due);
                                send("asked", id);
                            },
                            failure -> System.out.println("fault: " + failure));
        }
        long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (arrivals.count() < (long) rate * seconds && System.nanoTime() < patience) {
            Thread.sleep(10);
        }
        return arrivals;
    }

    // What was not sent does not arrive, and is missed there.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(String topic, UUID id) {
        producer.send(new ProducerRecord<>(stage.topics.prefix() + topic, id.toString(), CONTENT));
    }

    private void consume(String topic, Consumer<UUID> work) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stage.topics.bootstrap(),
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(IntStream.range(0, RelayStage.PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(stage.topics.prefix() + topic, partition))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            while (!done.get()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    work.accept(UUID.fromString(record.key()));
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        done.set(true);
        // the consumers are daemons, and end with the benchmark
        producer.close();
        stage.close();
    }
}
