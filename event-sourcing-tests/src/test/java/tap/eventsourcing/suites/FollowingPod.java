package tap.eventsourcing.suites;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tap.eventsourcing.followers.Follower;

/** A pod of a following service, as its channel is: polls on one thread, seeks when told to, commits nothing. */
final class FollowingPod implements AutoCloseable {
    private final Follower follower;
    private final Map<String, Object> configuration;
    private final String topic;
    private final Queue<Map<TopicPartition, Long>> seeks = new ConcurrentLinkedQueue<>();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("following-pod").unstarted(this::run);
    private volatile boolean closed;

    FollowingPod(Follower follower, String bootstrap, String topic, String group) {
        this.follower = follower;
        this.topic = topic;
        this.configuration = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                // as services have it: who is closed in the middle of joining is missed only then
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                1_500,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                50,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                1_000);
        follower.seekWith(seeks::add);
        follower.start();
        thread.start();
    }

    private void run() {
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(configuration, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    follower.revoked(partitions);
                }

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    follower.assigned(consumer, partitions);
                }
            });
            while (!closed) {
                ConsumerRecords<String, byte[]> records = poll(consumer);
                follower.apply(records).await().indefinitely();
                for (var seek = seeks.poll(); seek != null; seek = seeks.poll()) {
                    seek.forEach((partition, offset) -> {
                        if (consumer.assignment().contains(partition)) {
                            consumer.seek(partition, offset);
                        }
                    });
                }
            }
        }
    }

    // A channel polls on too when the topic that it had a position in is gone.
    private static ConsumerRecords<String, byte[]> poll(KafkaConsumer<String, byte[]> consumer) {
        try {
            return consumer.poll(Duration.ofMillis(20));
        } catch (InvalidOffsetException elsewhere) {
            return ConsumerRecords.empty();
        }
    }

    @Override
    public void close() {
        closed = true;
        follower.close();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
