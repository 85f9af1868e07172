package tap.testkit.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.testkit.infrastructure.TestTopics;

/**
 * After each class of a service's tests, holds every message that was published meanwhile against the schema of its type, and
 * fails the class that had one published which breaks it. JUnit finds it by itself; no test has to ask for it.
 */
public final class PublishedMessages implements AfterAllCallback {
    private static final int MOST_NAMED = 20;
    private static final List<Topic> PUBLIC =
            Topics.ALL.stream().filter(topic -> !topic.equals(Topics.POSITIONS)).toList();

    private final MessageSchemas schemas = new MessageSchemas();
    // Of the services that ran in this JVM, each with topics of its own.
    private final Map<TopicPartition, Long> read = new HashMap<>();

    @Override
    public void afterAll(ExtensionContext context) {
        Thread thread = Thread.currentThread();
        ClassLoader ofTheTests = thread.getContextClassLoader();
        // by which a Kafka client finds its classes: Quarkus has another one for the tests than for this
        thread.setContextClassLoader(PublishedMessages.class.getClassLoader());
        try {
            TestTopics.serviceUnderTest().ifPresent(this::check);
        } finally {
            thread.setContextClassLoader(ofTheTests);
        }
    }

    /**
     * Reads what came since the last call.
     *
     * @throws AssertionError if a message breaks its schema; the messages are passed all the same
     */
    void check(TestTopics topics) {
        List<String> broken = new ArrayList<>();
        topics.forEachRecordFrom(
                read,
                PUBLIC,
                message -> schemas.violations(message)
                        .forEach(violation -> broken.add(place(message) + ": " + violation)));
        if (!broken.isEmpty()) {
            throw new AssertionError(broken.size()
                    + " violations of the event contract were published, the first of them:\n"
                    + String.join("\n", broken.subList(0, Math.min(MOST_NAMED, broken.size()))));
        }
    }

    private static String place(ConsumerRecord<?, ?> message) {
        return message.topic() + "/" + message.partition() + "/" + message.offset();
    }
}
