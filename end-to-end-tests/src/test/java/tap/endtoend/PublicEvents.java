package tap.endtoend;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.testkit.contract.MessageSchemas;

import static org.awaitility.Awaitility.await;

/** Everyone who listens: reads the public topics from the beginning with CloudEvents' own library. */
final class PublicEvents implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final MessageSchemas schemas = new MessageSchemas();
    private final CloudEventDeserializer cloudEvents = new CloudEventDeserializer();
    private final List<Seen> seen = new ArrayList<>();

    /** An event and the topic that it came on. */
    record Seen(String topic, CloudEvent event) {
        String type() {
            return event.getType();
        }

        long sequence() {
            return Long.parseLong(
                    Objects.requireNonNull(event.getExtension("sequence")).toString());
        }

        String payload() {
            return new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8);
        }
    }

    PublicEvents(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        Collection<TopicPartition> partitions = Stream.of(
                        Topics.POLICIES, Topics.DIRECTORY, Topics.PASSES, Topics.PASS_CREDENTIALS, Topics.REDEMPTIONS)
                .flatMap(this::partitions)
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Everything that was ever published about a user, once an event that satisfies the condition is among it. */
    List<Seen> about(String userId, Predicate<Seen> until) {
        await("an event about " + userId).atMost(Duration.ofSeconds(30)).until(() -> {
            poll();
            return about(userId).stream().anyMatch(until);
        });
        return about(userId);
    }

    /** Reads on, and holds each message against the schema of its type. */
    void poll() {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> {
            schemas.requireObeyed(record);
            seen.add(new Seen(
                    record.topic(), cloudEvents.deserialize(record.topic(), record.headers(), record.value())));
        });
    }

    /** What has been read so far. */
    List<Seen> all() {
        return List.copyOf(seen);
    }

    /** What has been read about a user so far. */
    List<Seen> about(String userId) {
        return seen.stream()
                .filter(event -> userId.equals(event.event().getExtension("partitionkey")))
                .toList();
    }

    private Stream<TopicPartition> partitions(Topic topic) {
        return consumer.partitionsFor(topic.name()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()));
    }

    @Override
    public void close() {
        consumer.close();
        cloudEvents.close();
    }
}
