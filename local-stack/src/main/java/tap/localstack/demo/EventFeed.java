package tap.localstack.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tap.contract.Topic;
import tap.contract.Topics;

/** Listens to all public topics from now on, as any other team could: no group, nothing committed. */
final class EventFeed implements AutoCloseable {
    private static final List<Topic> PUBLIC =
            List.of(Topics.POLICIES, Topics.DIRECTORY, Topics.PASSES, Topics.REDEMPTIONS);

    private final KafkaConsumer<String, byte[]> consumer;
    private final BlockingQueue<ArrivedEvent> arrived = new LinkedBlockingQueue<>();
    private final Thread listener;

    EventFeed(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "none"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : PUBLIC) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                partitions.add(new TopicPartition(topic.name(), partition));
            }
        }
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // Seeking is lazy: asking for the positions fixes "from now on" before the first request is sent.
        partitions.forEach(consumer::position);
        listener = Thread.ofPlatform().daemon().name("event-feed").start(this::listen);
    }

    /** The next event, or null when none arrives in time. */
    @Nullable
    ArrivedEvent next(Duration patience) throws InterruptedException {
        return arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(message -> arrived.add(ArrivedEvent.of(message)));
            }
        } catch (WakeupException closed) {
            // The feed was closed.
        }
    }
}
