package tap.eventsourcing.followers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads records again at their places. For one thread. */
final class ParkedRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(10);

    private final KafkaConsumer<String, byte[]> consumer;
    private List<ConsumerRecord<String, byte[]>> inHand = List.of();

    ParkedRecords(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        (int) STALLED.toMillis()),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** The record at a place; nothing if there is none. Fails if the broker does not answer within 10 s. */
    Found at(TopicPartition partition, long offset) {
        for (ConsumerRecord<String, byte[]> record : inHand) {
            if (record.offset() == offset
                    && record.partition() == partition.partition()
                    && record.topic().equals(partition.topic())) {
                return new Found(record, offset + 1);
            }
        }
        long end = seek(partition, offset);
        inHand = poll(partition, end);
        return new Found(
                inHand.isEmpty() || inHand.getFirst().offset() != offset ? null : inHand.getFirst(),
                Math.max(end, offset));
    }

    /** The newest record of the key of the one at a place, which may be gone: nothing if none of that key is there any longer. */
    Found newestFrom(TopicPartition partition, long offset, String key) {
        long end = seek(partition, offset);
        ConsumerRecord<String, byte[]> newest = null;
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<String, byte[]> record : poll(partition, end)) {
                if (Objects.requireNonNullElse(record.key(), "").equals(key)) {
                    newest = record;
                }
            }
        }
        return new Found(newest, end);
    }

    private long seek(TopicPartition partition, long offset) {
        inHand = List.of();
        consumer.assign(List.of(partition));
        consumer.seek(partition, offset);
        return Objects.requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
    }

    // By position, not by record: the last offsets may hold a transaction's marker and no record.
    private List<ConsumerRecord<String, byte[]>> poll(TopicPartition partition, long end) {
        long deadline = System.nanoTime() + STALLED.toNanos();
        try {
            while (consumer.position(partition) < end) {
                List<ConsumerRecord<String, byte[]>> records =
                        consumer.poll(POLL).records(partition);
                if (!records.isEmpty()) {
                    return records;
                }
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("no record of " + partition + " came within " + STALLED);
                }
            }
            return List.of();
        } catch (OffsetOutOfRangeException gone) {
            return List.of();
        }
    }

    @Override
    public void close() {
        consumer.close();
    }

    /**
     * What was found.
     *
     * @param record null if there is none
     * @param readUpTo up to which offset, exclusive, it is known that there is nothing else
     */
    record Found(@Nullable ConsumerRecord<String, byte[]> record, long readUpTo) {}
}
