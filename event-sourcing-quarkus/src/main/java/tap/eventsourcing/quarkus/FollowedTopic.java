package tap.eventsourcing.quarkus;

import java.util.Collection;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import tap.eventsourcing.followers.Follower;

/** Hands one channel to its follower: what was polled, and which partitions come and go. */
public abstract class FollowedTopic implements KafkaConsumerRebalanceListener {
    private final Follower follower;

    /** @param channel its name in the configuration, under which SmallRye keeps the consumer */
    protected FollowedTopic(String channel, Follower follower, KafkaClientService clients) {
        this.follower = follower;
        follower.seekWith(starts -> clients.<String, byte[]>getConsumer(channel)
                .runOnPollingThread((java.util.function.Consumer<Consumer<String, byte[]>>) consumer ->
                        starts.forEach((partition, offset) -> {
                            if (consumer.assignment().contains(partition)) {
                                consumer.seek(partition, offset);
                            }
                        }))
                .subscribe()
                .with(done -> {}));
    }

    /** Completes when the records are applied, parked, or held back by the follower. */
    protected Uni<Void> handOver(ConsumerRecords<String, byte[]> records) {
        return follower.apply(records);
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        follower.assigned(consumer, partitions);
    }

    @Override
    public void onPartitionsRevoked(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        follower.revoked(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        follower.revoked(partitions);
    }
}
