package tap.testkit.infrastructure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tap.contract.Topic;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.TopicCreation;

/**
 * Topics on a real Kafka that no other test has: the contract's, under a prefix of their own.
 *
 * @param bootstrap {@code bootstrap.servers}
 * @param prefix what stands before each name
 */
public record TestTopics(String bootstrap, String prefix) {
    private static final String BOOTSTRAP = "tap.testkit.bootstrap";
    private static final String PREFIX = "tap.testkit.topic-prefix";

    /**
     * Creates topics on the build's Kafka.
     *
     * @param name what they are for; made unique
     */
    public static TestTopics create(String name, Collection<Topic> topics) {
        return create(SharedServers.ofThisBuild().kafka(), name, topics);
    }

    /** As the other one, of the named topics only. */
    public static TestTopics create(String name, Topic... topics) {
        return create(name, Arrays.asList(topics));
    }

    /** As the other one, on a Kafka of the test's own. */
    public static TestTopics create(KafkaProcess kafka, String name, Collection<Topic> topics) {
        TestTopics created =
                new TestTopics(kafka.bootstrap(), TestDatabase.unique(name).replace('_', '-') + ".");
        TopicCreation.create(created.bootstrap, created.prefix, topics);
        return created;
    }

    /** Makes these the topics of the service that this JVM tests. */
    void ofServiceUnderTest() {
        // system properties, because Quarkus loads the tests in another class loader than what starts the service
        System.setProperty(BOOTSTRAP, bootstrap);
        System.setProperty(PREFIX, prefix);
    }

    /** The topics of the service that this JVM tests, or tested last; empty if it tests none. */
    public static Optional<TestTopics> serviceUnderTest() {
        String bootstrap = System.getProperty(BOOTSTRAP);
        String prefix = System.getProperty(PREFIX);
        return bootstrap == null || prefix == null ? Optional.empty() : Optional.of(new TestTopics(bootstrap, prefix));
    }

    /** The name that the topic has on the broker. */
    public String name(Topic topic) {
        return prefix + topic.name();
    }

    /**
     * Sends to these topics, each partition in order: with one request in flight, because of several a broker that becomes a
     * partition's leader at that moment can refuse the first and take the second, and then refuses the first for good.
     */
    public KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Every record that the topic holds now, each partition in its order. */
    public List<ConsumerRecord<String, byte[]>> records(Topic topic) {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        forEachRecord(topic, records::add);
        return records;
    }

    /** As {@link #records}, for topics that are larger than the memory. */
    public void forEachRecord(Topic topic, Consumer<ConsumerRecord<String, byte[]>> reader) {
        forEachRecordFrom(new HashMap<>(), List.of(topic), reader);
    }

    /**
     * As {@link #forEachRecord}, of several topics and from where an earlier call ended.
     *
     * @param next the offset of each partition to begin with, 0 if there is none; afterwards, where to go on
     */
    public void forEachRecordFrom(
            Map<TopicPartition, Long> next, Collection<Topic> topics, Consumer<ConsumerRecord<String, byte[]>> reader) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(name(topic)).stream())
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            Map<TopicPartition, Long> behind = new HashMap<>(consumer.endOffsets(partitions));
            behind.entrySet().removeIf(end -> end.getValue() <= next.getOrDefault(end.getKey(), 0L));
            consumer.assign(behind.keySet());
            behind.keySet().forEach(partition -> consumer.seek(partition, next.getOrDefault(partition, 0L)));
            while (behind.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(reader);
            }
            behind.keySet().forEach(partition -> next.put(partition, consumer.position(partition)));
        }
    }
}
