package tap.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Relay;

/**
 * How fast the relay works off a backlog, and in how much memory: twice, the first time cold, with a bare loop between them that
 * pages through the same rows and sends the same records, without lease, cursor or order.
 */
@Command(
        name = "relay-drain",
        mixinStandardHelpOptions = true,
        description = "Drains a backlog through the relay and through a bare loop.")
public final class RelayDrain implements Callable<Integer> {
    private static final String PAGE = """
            SELECT seq, event_id, stream_id, version, type, partition_key, occurred_at, actor, correlation_id, causation_id,
              payload::text AS payload FROM event WHERE seq > $1 ORDER BY seq LIMIT $2""";

    @Option(names = "--events", defaultValue = "1000000", description = "the backlog (default: ${DEFAULT-VALUE})")
    private int events;

    private RelayDrain() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RelayDrain()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (RelayStage stage = new RelayStage("cold", "bare", "warm")) {
            stage.fill(events);
            drain(stage, "cold");
            bare(stage);
            stage.rewind();
            drain(stage, "warm");
        }
        return 0;
    }

    private void drain(RelayStage stage, String topic) throws InterruptedException {
        CountDownLatch drained = new CountDownLatch(1);
        AtomicLong published = new AtomicLong();
        AtomicLong shown = new AtomicLong();
        try (Relay relay = stage.relay(topic)) {
            relay.onPublished(batch -> {
                long count = published.addAndGet(batch.size());
                if (count >= shown.get()) {
                    System.out.printf(
                            "  %,9d published, heap %d MiB, resident %d MiB%n",
                            count,
                            RelayStage.heap(),
                            ProcessMemory.resident(ProcessHandle.current().pid()));
                    shown.addAndGet(events / 10);
                }
                if (count >= events) {
                    drained.countDown();
                }
            });
            long begin = System.nanoTime();
            relay.start();
            drained.await();
            report("relay, " + topic, begin);
        }
    }

    private void bare(RelayStage stage) {
        SqlConnection connection = stage.pool.getConnectionAndAwait();
        long begin = System.nanoTime();
        try (KafkaProducer<String, byte[]> producer = stage.producer()) {
            long last = 0;
            RowSet<Row> page;
            do {
                page = connection
                        .preparedQuery(PAGE)
                        .execute(Tuple.of(last, 2_000))
                        .await()
                        .atMost(Duration.ofMinutes(1));
                for (Row row : page) {
                    StoredEvent event = event(row);
                    last = event.seq();
                    send(producer, stage.record("bare", event));
                }
            } while (page.size() > 0);
            producer.flush();
        }
        connection.closeAndAwait();
        report("bare loop", begin);
    }

    // Whether it arrived shows in the flush at the end.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record) {
        producer.send(record);
    }

    private static StoredEvent event(Row row) {
        return new StoredEvent(
                row.getLong(0),
                row.getUUID(1),
                row.getString(2),
                row.getLong(3),
                row.getString(5),
                row.getOffsetDateTime(6).toInstant(),
                new Metadata(row.getString(7), row.getString(8), row.getString(9)),
                new EventCodec.Written(row.getString(4), row.getString(10), null));
    }

    private void report(String what, long begin) {
        double seconds = RelayStage.seconds(begin, System.nanoTime());
        System.out.printf("%s: %,d events in %.1f s, %,.0f a second%n", what, events, seconds, events / seconds);
    }
}
