package tap.policy.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tap.contract.Topics;
import tap.eventsourcing.followers.Positions;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTopics;

/** Stands for pass- and redemption-service: reads what this service publishes and says so in {@code tap.positions}, as they do. */
public final class FollowersOfTests implements QuarkusTestResourceLifecycleManager {
    // a system property, because Quarkus loads this class and the tests in class loaders that differ
    private static final String AWAY = "tap.tests.followers-away";
    private static final String PAUSED = "tap.tests.followers-paused";

    private volatile boolean stopped;
    private @Nullable Thread thread;

    /** Runs the work while nobody follows. */
    static void whileAway(Runnable work) {
        System.setProperty(AWAY, "true");
        try {
            // a poll that is under way would still say what it reads
            Awaitility.await().until(() -> Boolean.getBoolean(PAUSED));
            work.run();
        } finally {
            System.clearProperty(AWAY);
        }
    }

    @Override
    public int order() {
        return 1; // after the one that makes the topics
    }

    @Override
    public Map<String, String> start() {
        TestTopics topics = ServiceTestResource.topics();
        thread = Thread.ofPlatform().daemon().name("followers-of-tests").start(() -> follow(topics));
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

    private void follow(TestTopics topics) {
        List<Positions> services = Stream.of("pass-service", "redemption-service")
                .map(service ->
                        new Positions(topics.bootstrap(), topics.name(Topics.POSITIONS), service, topics.prefix()))
                .toList();
        services.forEach(Positions::start);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, topics.bootstrap()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = Stream.of(Topics.POLICIES, Topics.DIRECTORY, Topics.DIRECTORY_NAMES)
                    .flatMap(topic -> consumer.partitionsFor(topics.name(topic)).stream())
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
                        .partitions()
                        .forEach(partition ->
                                services.forEach(service -> service.moved(partition, consumer.position(partition))));
            }
        } finally {
            services.forEach(Positions::close);
        }
    }
}
