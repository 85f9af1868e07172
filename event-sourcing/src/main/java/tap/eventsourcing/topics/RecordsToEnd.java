package tap.eventsourcing.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads topics from given offsets to where they end, in batches; without a consumer group. Says how far it is every 2 s. For one
 * thread, which it blocks.
 */
public final class RecordsToEnd implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RecordsToEnd.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(10);
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String purpose;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<TopicPartition> unread = new HashSet<>();
    private long toRead;
    private long read;
    private long tellAt = System.nanoTime() + TELL_EVERY.toNanos();

    /**
     * Looks where the topics end; fails if Kafka does not answer within 5 s, or one does not exist.
     *
     * @param topics with the deployment's prefix
     * @param from where each partition is to be read from
     * @param purpose begins what is logged about the progress
     */
    public RecordsToEnd(String bootstrapServers, Collection<String> topics, Start from, String purpose) {
        this.purpose = purpose;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) ANSWERS_WITHIN.toMillis(),
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1_000),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions =
                    topics.stream().flatMap(topic -> partitions(topic).stream()).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            ends.putAll(consumer.endOffsets(partitions));
            for (TopicPartition partition : partitions) {
                seek(partition, from.of(partition, beginnings.getOrDefault(partition, 0L), end(partition)));
            }
        } catch (RuntimeException failure) {
            consumer.close();
            throw failure;
        }
    }

    /** Where to begin to read a partition. */
    @FunctionalInterface
    public interface Start {
        /** Reads everything that is there. */
        Start BEGINNING = (partition, beginning, end) -> beginning;

        /**
         * The first offset to be read.
         *
         * @param beginning the first that is there
         * @param end the one that the next record will get
         */
        long of(TopicPartition partition, long beginning, long end);
    }

    /** Whether the ends are not reached yet. */
    public boolean more() {
        return !unread.isEmpty();
    }

    /** The next records, each partition in its order; none at the end. Fails if none comes for 10 s. */
    public List<ConsumerRecord<String, byte[]>> next() {
        long deadline = System.nanoTime() + STALLED.toNanos();
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        while (records.isEmpty() && more()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no record of " + unread + " came within " + STALLED);
            }
            consumer.poll(POLL).forEach(records::add);
            // by position, not by record: the last offsets may hold a transaction's marker and no record
            unread.removeIf(partition -> consumer.position(partition) >= end(partition));
            consumer.pause(consumer.assignment().stream()
                    .filter(partition -> !unread.contains(partition))
                    .toList());
        }
        tell(records.size());
        return records;
    }

    /** Looks again where the topics end; whether they have grown, and there is more. */
    public boolean extend() {
        ends.putAll(consumer.endOffsets(consumer.assignment()));
        consumer.assignment().forEach(partition -> {
            long gap = end(partition) - consumer.position(partition);
            if (gap > 0 && unread.add(partition)) {
                toRead += gap;
                consumer.resume(List.of(partition));
            }
        });
        return more();
    }

    /** The ends as they were last looked at. */
    public Map<TopicPartition, Long> ends() {
        return Map.copyOf(ends);
    }

    @Override
    public void close() {
        consumer.close();
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new IllegalStateException("topic " + topic + " does not exist");
        }
        return found.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        if (offset < end(partition)) {
            unread.add(partition);
            toRead += end(partition) - offset;
        }
    }

    private long end(TopicPartition partition) {
        return ends.getOrDefault(partition, 0L);
    }

    private void tell(int more) {
        read += more;
        if (System.nanoTime() > tellAt) {
            tellAt = System.nanoTime() + TELL_EVERY.toNanos();
            LOG.infof("%s: %d of %d records read", purpose, read, toRead);
        }
    }
}
