package tap.eventsourcing.followers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import tap.eventsourcing.Bell;

/**
 * Publishes how far this service's followers are: key {@code service/topic/partition}, value the next offset to apply, as JSON
 * number. Coalesced: the newest a partition, at most every 5 ms. What cannot be sent stays to be sent. Of the partitions that this pod
 * follows all is said again every 30 s: neither what a frozen pod says late of a partition that is another's now stays, nor a
 * positions topic that was made anew.
 */
public final class Positions implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Positions.class);
    private static final Duration AT_MOST_EVERY = Duration.ofMillis(5);
    private static final Duration AGAIN_AFTER = Duration.ofMillis(500);
    private static final Duration ALL_EVERY = Duration.ofSeconds(30);

    private final String bootstrapServers;
    private final String topic;
    private final String service;
    private final String prefix;
    private final Duration allEvery;
    private final Map<TopicPartition, Long> followed = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> unsent = new ConcurrentHashMap<>();
    private final Bell bell = new Bell();
    private final Thread thread = Thread.ofPlatform().daemon().name("positions").unstarted(this::run);
    private volatile boolean closed;

    /**
     * @param bootstrapServers Kafka's {@code host:port}, comma separated
     * @param topic the positions topic, with prefix
     * @param service the following service
     * @param prefix the deployment's topic prefix, which positions are named without
     */
    public Positions(String bootstrapServers, String topic, String service, String prefix) {
        this(bootstrapServers, topic, service, prefix, ALL_EVERY);
    }

    /**
     * As the other one.
     *
     * @param allEvery how often the positions of all partitions are said again
     */
    public Positions(String bootstrapServers, String topic, String service, String prefix, Duration allEvery) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.service = service;
        this.prefix = prefix;
        this.allEvery = allEvery;
    }

    /** Starts the publishing thread; returns at once. */
    public void start() {
        thread.start();
    }

    /**
     * Says where this pod goes on with a partition that is its own from now on, now and again until it has {@link #left} it; returns
     * at once.
     *
     * @param nextOffset the next to apply
     */
    public void follows(TopicPartition partition, long nextOffset) {
        followed.put(partition, nextOffset);
        moved(partition, nextOffset);
    }

    /**
     * Says that a follower's offset moved, after the commit; returns at once.
     *
     * @param nextOffset the next to apply
     */
    public void moved(TopicPartition partition, long nextOffset) {
        // of a partition that was left meanwhile it is said once
        followed.computeIfPresent(partition, (same, before) -> nextOffset);
        unsent.put(partition, nextOffset);
        bell.ring();
    }

    /** Says no more of partitions that are another pod's from now on; returns at once. */
    public void left(Collection<TopicPartition> partitions) {
        partitions.forEach(followed::remove);
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(1))) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try (Producer<String, byte[]> producer = producer()) {
                publish(producer);
            } catch (InterruptedException interrupted) {
                return;
            } catch (RuntimeException failure) {
                LOG.debug("positions: starts anew", failure);
                pause();
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(AGAIN_AFTER);
        } catch (InterruptedException interrupted) {
            closed = true;
        }
    }

    private void publish(Producer<String, byte[]> producer) throws InterruptedException {
        long allAgain = System.nanoTime() + allEvery.toNanos();
        while (!closed) {
            if (System.nanoTime() > allAgain) {
                allAgain = System.nanoTime() + allEvery.toNanos();
                followed.forEach(unsent::putIfAbsent);
            }
            if (unsent.isEmpty()) {
                bell.await(AGAIN_AFTER);
                continue;
            }
            Map<TopicPartition, Long> now = new HashMap<>(unsent);
            now.forEach((partition, next) -> {
                unsent.remove(partition, next);
                send(producer, partition, next);
            });
            Thread.sleep(AT_MOST_EVERY);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback has what the future would say
    private void send(Producer<String, byte[]> producer, TopicPartition partition, long next) {
        String key = service + "/" + partition.topic().substring(prefix.length()) + "/" + partition.partition();
        byte[] value = Long.toString(next).getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, value), (metadata, failure) -> {
            if (failure != null) {
                // a newer one may have been sent already
                unsent.putIfAbsent(partition, followed.getOrDefault(partition, next));
            }
        });
    }

    private Producer<String, byte[]> producer() {
        // One request in flight: of several a new leader can refuse the first for good once it took a later one, and
        // the
        // position would be late by the whole delivery time-out.
        Map<String, Object> configuration = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG,
                service + "-positions",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                1,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                1_000,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                1_048_576L,
                ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                500);
        return new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
    }
}
