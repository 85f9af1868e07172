package tap.eventsourcing.confirmation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How far every follower is: reads the positions topic whole, without a group, on a thread of its own. A newer position replaces
 * an older one even if it is lower: a follower whose database was restored has to apply again what it once had.
 */
public final class PositionBoard implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PositionBoard.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final String bootstrapServers;
    private final String topic;
    private final String prefix;
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("positions-board").unstarted(this::run);
    private volatile boolean whole;
    private volatile boolean closed;
    private volatile @Nullable Consumer<?, ?> polled;

    /**
     * @param bootstrapServers Kafka's {@code host:port}, comma separated
     * @param topic the positions topic, with prefix
     * @param prefix the deployment's topic prefix
     */
    public PositionBoard(String bootstrapServers, String topic, String prefix) {
        this.bootstrapServers = bootstrapServers;
        this.topic = topic;
        this.prefix = prefix;
    }

    /** Starts the reading thread; returns at once. */
    public void start() {
        thread.start();
    }

    /** Whether each of the followers has passed all these offsets. */
    public boolean passed(Collection<String> followers, Map<TopicPartition, Long> ends) {
        if (!whole) {
            return false;
        }
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            String place = end.getKey().topic().substring(prefix.length())
                    + "/"
                    + end.getKey().partition();
            if (passed(followers, place) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The least next offset that any of the followers has said of a partition; 0 if one has said nothing, or if what they said is
     * not yet read to its end.
     *
     * @param place {@code topic/partition}, without prefix
     */
    public long passed(Collection<String> followers, String place) {
        return whole
                ? followers.stream()
                        .mapToLong(follower -> positions.getOrDefault(follower + "/" + place, 0L))
                        .min()
                        .orElse(0)
                : 0;
    }

    /** Completes when each of the followers has passed all these offsets; cancel it to stop waiting. */
    public Uni<Void> awaitPassed(Collection<String> followers, Map<TopicPartition, Long> ends) {
        return Uni.createFrom().emitter(emitter -> {
            Waiting one = new Waiting(followers, ends, emitter);
            // listens before it looks, so that a position that arrives in between is not missed
            waiting.add(one);
            emitter.onTermination(() -> waiting.remove(one));
            tell(one);
        });
    }

    @Override
    public void close() {
        closed = true;
        Consumer<?, ?> consumer = polled;
        if (consumer == null) {
            thread.interrupt();
        } else {
            consumer.wakeup();
        }
    }

    private void run() {
        while (!closed) {
            try (Consumer<String, byte[]> consumer = consumer()) {
                polled = consumer;
                read(consumer);
            } catch (WakeupException | org.apache.kafka.common.errors.InterruptException closing) {
                LOG.debug("positions board: closed");
            } catch (RuntimeException failure) {
                LOG.debug("positions board: starts anew", failure);
                try {
                    Thread.sleep(AGAIN);
                } catch (InterruptedException closing) {
                    return;
                }
            } finally {
                polled = null;
            }
        }
    }

    private void read(Consumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        // Read anew, old positions come before new ones: nothing is answered by them until the end is reached.
        whole = false;
        while (!closed) {
            if (!whole) {
                whole = partitions.stream()
                        .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
                if (whole) {
                    waiting.forEach(this::tell);
                }
            }
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                for (ConsumerRecord<String, byte[]> record : records) {
                    note(record);
                }
                waiting.forEach(this::tell);
            }
        }
    }

    private void note(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            positions.remove(record.key());
            return;
        }
        try {
            positions.put(record.key(), Long.parseLong(new String(record.value(), StandardCharsets.UTF_8)));
        } catch (NumberFormatException foreign) {
            LOG.warnf("positions: %s/%d is no offset", record.key(), record.offset());
        }
    }

    private void tell(Waiting one) {
        if (passed(one.followers, one.ends)) {
            waiting.remove(one);
            one.emitter.complete(null);
        }
    }

    private Consumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
                        1,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        5_000,
                        ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                        500),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private record Waiting(
            Collection<String> followers, Map<TopicPartition, Long> ends, UniEmitter<? super Void> emitter) {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
