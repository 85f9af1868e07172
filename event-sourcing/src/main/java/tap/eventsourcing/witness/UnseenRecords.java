package tap.eventsourcing.witness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.CloudEventRecords;

/** Reads the own topics from where the relay is known to have been up to their ends, in batches. For one thread. */
final class UnseenRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofSeconds(10);

    private final KafkaConsumer<String, byte[]> consumer;
    private final String prefix;
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    UnseenRecords(String bootstrapServers, String prefix) {
        this.prefix = prefix;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1_000),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Sets out to read each partition from its stored offset to its end. */
    void seek(ToLongFunction<TopicPartition> stored, Map<TopicPartition, Long> upTo) {
        upTo.forEach((partition, end) -> {
            if (stored.applyAsLong(partition) < end) {
                ends.put(partition, end);
            }
        });
        consumer.assign(ends.keySet());
        ends.keySet().forEach(partition -> consumer.seek(partition, stored.applyAsLong(partition)));
    }

    /** Whether the ends are not reached yet. */
    boolean more() {
        return !ends.isEmpty();
    }

    /** The next records; fails if none comes for 10 s. */
    List<Message> next() {
        long deadline = System.nanoTime() + STALLED.toNanos();
        List<Message> messages = new ArrayList<>();
        while (messages.isEmpty() && more()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("no record of " + ends.keySet() + " came within " + STALLED);
            }
            consumer.poll(POLL).forEach(record -> messages.add(CloudEventRecords.message(record, prefix)));
            // by position, not by record: the last offsets may hold a transaction's marker and no record
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            consumer.pause(consumer.assignment().stream()
                    .filter(partition -> !ends.containsKey(partition))
                    .toList());
        }
        return messages;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
