package tap.localstack.infrastructure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tap.contract.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class KafkaProcessIT {
    private static final Topic KEPT = new Topic("kept", 3, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static KafkaProcess kafka;

    @BeforeAll
    static void start() {
        kafka = KafkaProcess.start(directory, 0);
    }

    @AfterAll
    static void stop() {
        KafkaProcess.attach(directory).ifPresent(KafkaProcess::stop);
    }

    @Test
    void keeps_what_it_acknowledged_when_it_is_killed_and_started_again_on_the_same_port() throws Exception {
        TopicCreation.create(kafka.bootstrap(), "it.", List.of(KEPT));
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "acks", "all"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>("it.kept", 2, "key", "value")).get(20, TimeUnit.SECONDS);
        }

        kafka.kill();
        assertThat(KafkaProcess.attach(directory)).isEmpty();
        KafkaProcess again = KafkaProcess.start(directory, kafka.port());

        assertThat(again.bootstrap()).isEqualTo(kafka.bootstrap());
        assertThat(again.pid()).isNotEqualTo(kafka.pid());
        kafka = again;
        TopicCreation.create(kafka.bootstrap(), "it.", List.of(KEPT));
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("it.kept", 2);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .map(ConsumerRecord::value)
                    .containsExactly("value");
        }
    }

    @Test
    void is_the_same_broker_for_everyone_who_starts_it() {
        assertThat(KafkaProcess.start(directory, 0).pid()).isEqualTo(kafka.pid());
    }

    @Test
    void refuses_a_topic_whose_number_of_partitions_changed() {
        TopicCreation.create(kafka.bootstrap(), "resized.", List.of(KEPT));

        assertThatThrownBy(() -> TopicCreation.create(
                        kafka.bootstrap(), "resized.", List.of(new Topic("kept", 4, KEPT.configuration()))))
                .isInstanceOf(LocalStackException.class)
                .hasMessageContaining("resized.kept has 3 partitions and must have 4");
    }

    @Test
    void says_in_its_log_that_it_started() throws Exception {
        assertThat(Files.readString(kafka.log())).contains("Kafka Server started");
    }
}
