package tap.pass.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.contract.PassAdmittedV1;
import tap.contract.PassIssuedV1;
import tap.contract.PassRevokedV1;
import tap.contract.PassWithdrawnV1;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTopics;

/**
 * Stands for policy- and redemption-service at the other end of real topics: publishes what they publish, and admits and withdraws
 * passes as redemption-service does, unless it is away.
 */
public final class OtherServices implements QuarkusTestResourceLifecycleManager {
    // in system properties, because Quarkus loads this class and the tests in class loaders that differ
    private static final String AWAY = "tap.tests.redemption-away";
    private static final String PAUSED = "tap.tests.redemption-paused";
    private static final String VERSION = "tap.tests.version.";

    private volatile boolean stopped;
    private @Nullable Thread thread;

    /** Runs the work while nobody admits or withdraws. */
    public static void whileRedemptionIsAway(Runnable work) {
        System.setProperty(AWAY, "true");
        try {
            // a poll that is under way would still be answered
            Awaitility.await().until(() -> Boolean.getBoolean(PAUSED));
            work.run();
        } finally {
            System.clearProperty(AWAY);
        }
    }

    /** Publishes the next event of a stream of policy-service. */
    static void policyService(Topic topic, String stream, String key, String type, Object record) {
        publish("policy-service", topic, stream, key, type, record);
    }

    /** Publishes the next event of a pass in redemption-service. */
    static void redemptionService(UUID passId, UUID userId, String type, Object record) {
        publish("redemption-service", Topics.REDEMPTIONS, passId.toString(), userId.toString(), type, record);
    }

    /** Publishes names, or their removal. */
    static void names(UUID userId, @Nullable Object record) {
        TestTopics topics = ServiceTestResource.topics();
        StoredEvent event = event(userId.toString(), 1, userId.toString(), "directory-name.v1", "null");
        send(new CloudEventRecords("policy-service", topics.prefix())
                .companion(
                        Topics.DIRECTORY_NAMES.name(),
                        event,
                        "directory-name.v1",
                        record == null ? null : json(record)));
    }

    @Override
    public int order() {
        return 1; // after the one that makes the topics
    }

    @Override
    public Map<String, String> start() {
        TestTopics topics = ServiceTestResource.topics();
        thread =
                Thread.ofPlatform().daemon().name("redemption-service-of-tests").start(() -> redeem(topics));
        return Map.of();
    }

    @Override
    public void stop() {
        stopped = true;
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void redeem(TestTopics topics) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topics.bootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.name(Topics.PASS_CREDENTIALS)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!stopped) {
                if (Boolean.getBoolean(AWAY)) {
                    consumer.pause(partitions);
                    System.setProperty(PAUSED, "true");
                } else {
                    consumer.resume(partitions);
                    System.clearProperty(PAUSED);
                }
                consumer.poll(Duration.ofMillis(20))
                        .forEach(record -> answer(CloudEventRecords.message(record, topics.prefix())));
            }
        }
    }

    private static void answer(Message message) {
        switch (message.type()) {
            case "pass-issued.v1" -> {
                PassIssuedV1 issued = read(message, PassIssuedV1.class);
                if (issued.replaces() != null) {
                    withdraw(issued.userId(), issued.replaces());
                }
                redemptionService(
                        issued.passId(),
                        issued.userId(),
                        "pass-admitted.v1",
                        new PassAdmittedV1(
                                issued.userId(),
                                issued.passId(),
                                issued.startsAt(),
                                issued.endsAt(),
                                issued.isUsableOnce(),
                                issued.maximumUses(),
                                message.version(),
                                Instant.now()));
            }
            case "pass-revoked.v1" -> {
                PassRevokedV1 revoked = read(message, PassRevokedV1.class);
                withdraw(revoked.userId(), revoked.passId());
            }
            default -> throw new IllegalStateException(message.type());
        }
    }

    private static void withdraw(UUID userId, UUID passId) {
        redemptionService(
                passId, userId, "pass-withdrawn.v1", new PassWithdrawnV1(userId, passId, "open", 0, Instant.now()));
    }

    private static void publish(String service, Topic topic, String stream, String key, String type, Object record) {
        synchronized (System.getProperties()) {
            String property = VERSION + topic.name() + "/" + stream;
            long version = Long.getLong(property, 0) + 1;
            send(new CloudEventRecords(service, ServiceTestResource.topics().prefix())
                    .record(topic.name(), event(stream, version, key, type, json(record))));
            System.setProperty(property, Long.toString(version));
        }
    }

    private static StoredEvent event(String stream, long version, String key, String type, String payload) {
        return new StoredEvent(
                version,
                Ids.next(),
                stream,
                version,
                key,
                Instant.now(),
                new Metadata("tests", UUID.randomUUID().toString(), null),
                new EventCodec.Written(type, payload, null));
    }

    private static void send(ProducerRecord<String, byte[]> record) {
        try {
            Producer.ONE.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T read(Message message, Class<T> record) {
        try {
            return ContractJson.mapper().readValue(message.payload(), record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String json(Object record) {
        try {
            return ContractJson.mapper().writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Producer {
        static final KafkaProducer<String, byte[]> ONE =
                ServiceTestResource.topics().producer();
    }
}
