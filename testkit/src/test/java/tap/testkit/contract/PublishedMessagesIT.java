package tap.testkit.contract;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import tap.contract.Topics;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PublishedMessagesIT {
    private final PublishedMessages messages = new PublishedMessages();

    @Test
    void the_class_that_published_what_breaks_its_schema_fails_and_the_next_does_not() throws Exception {
        TestTopics topics = TestTopics.create("published", Topics.ALL);
        try (KafkaProducer<String, byte[]> producer = topics.producer()) {
            producer.send(Messages.revoked(topics.prefix(), Messages.revocation()))
                    .get();
            assertThatCode(() -> messages.check(topics)).doesNotThrowAnyException();

            producer.send(Messages.revoked(topics.prefix(), "{}")).get();
            assertThatThrownBy(() -> messages.check(topics))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(topics.name(Topics.PASSES))
                    .hasMessageContaining("userId");

            producer.send(Messages.revoked(topics.prefix(), Messages.revocation()))
                    .get();
            assertThatCode(() -> messages.check(topics)).doesNotThrowAnyException();
        }
    }
}
