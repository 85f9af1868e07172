package tap.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Relay;

/**
 * How long a committed event takes to a Kafka consumer, warm, at fixed rates; and how long the same record takes from a bare
 * producer in the same run. Events are appended when they are due, whatever became of those before, so that a stall shows in
 * every event that it delayed; the time from due to consumed is shown too, which the append is a part of.
 */
@Command(
        name = "relay-latency",
        mixinStandardHelpOptions = true,
        description = "Measures commit to consumer at 10 and 500 a second, and bare producer to consumer.")
public final class RelayLatency implements Callable<Integer> {
    private static final int[] RATES = {10, 500};

    @Option(names = "--warm-up", defaultValue = "60", description = "seconds (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(
            names = "--seconds",
            defaultValue = "25",
            description = "seconds of each measurement (default: ${DEFAULT-VALUE})")
    private int seconds;

    private volatile Arrivals arrivals = new Arrivals();

    private RelayLatency() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new RelayLatency()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (RelayStage stage = new RelayStage("relayed", "bare");
                Relay relay = stage.relay("relayed");
                KafkaProducer<String, byte[]> producer = stage.producer()) {
            Thread consumer = Thread.ofPlatform().start(() -> consume(stage, done));
            relay.start();
            while (!relay.holdsLease()) {
                Thread.sleep(10);
            }
            play("warm-up", 500, warmUp, when -> append(stage, when));
            play("warm-up, bare", 500, warmUp / 4, when -> send(stage, producer, when));
            for (int rate : RATES) {
                play("commit to consumer", rate, seconds, when -> append(stage, when));
                play("bare producer to consumer", rate, seconds, when -> send(stage, producer, when));
            }
            done.set(true);
            consumer.join();
        }
        return 0;
    }

    private void play(String what, int rate, int howLong, Step step) throws InterruptedException {
        arrivals = new Arrivals();
        long interval = 1_000_000_000L / rate;
        long begin = System.nanoTime();
        for (int i = 0; i < rate * howLong; i++) {
            long when = begin + i * interval;
            RelayStage.sleepUntil(when);
            step.run(when);
        }
        long patience = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (arrivals.count() < (long) rate * howLong && System.nanoTime() < patience) {
            Thread.sleep(10);
        }
        System.out.printf("%s at %d a second: %s%n", what, rate, arrivals);
    }

    private void append(RelayStage stage, long when) {
        stage.append(1)
                .subscribe()
                .with(ids -> arrivals.sent(ids.getFirst(), when), failure -> System.out.println("fault: " + failure));
    }

    // The record's arrival is what is measured.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(RelayStage stage, KafkaProducer<String, byte[]> producer, long when) {
        UUID id = Ids.next();
        String user = Ids.next().toString();
        StoredEvent event = new StoredEvent(
                1,
                id,
                user,
                1,
                user,
                Instant.now(),
                new Metadata("benchmark", "benchmark", null),
                RelayStage.written(user));
        arrivals.sent(id, when);
        producer.send(stage.record("bare", event));
    }

    private void consume(RelayStage stage, AtomicBoolean done) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        stage.topics.bootstrap(),
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(Stream.of("relayed", "bare")
                    .flatMap(topic -> IntStream.range(0, RelayStage.PARTITIONS)
                            .mapToObj(partition -> new TopicPartition(stage.topics.prefix() + topic, partition)))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            while (!done.get()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    arrivals.arrived(UUID.fromString(
                            new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8)));
                }
            }
        }
    }

    private interface Step {
        void run(long when);
    }
}
