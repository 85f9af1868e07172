package tap.eventsourcing.topics;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.kafka.KafkaMessageFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.UnknownEventType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CloudEventRecordsTest {
    private static final String PAYLOAD = "{\"lamp\" : \"läuft\"}";
    private static final SealedPart SEALED = SealedPart.of(new byte[] {1, 0, -1});

    private final CloudEventRecords records = new CloudEventRecords("lamp-service", "test.");
    private final StoredEvent event = event("cause");

    @Test
    void the_cloudevents_sdk_reads_every_attribute_and_the_payload_byte_for_byte() {
        ProducerRecord<String, byte[]> record = records.record("lamps", event);
        CloudEvent read = KafkaMessageFactory.createReader(received(record, record.value()))
                .toEvent();

        assertThat(read.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(read.getId()).isEqualTo(event.eventId().toString());
        assertThat(read.getSource()).hasToString("lamp-service");
        assertThat(read.getType()).isEqualTo("tap.switched-on.v1");
        assertThat(read.getSubject()).isEqualTo("lamp-1");
        assertThat(read.getTime()).isNotNull();
        assertThat(read.getTime().toInstant()).isEqualTo(event.occurredAt());
        assertThat(read.getDataContentType()).isEqualTo("application/json");
        assertThat(read.getExtension("sequence")).isEqualTo("0000000000000000042");
        assertThat(read.getExtension("partitionkey")).isEqualTo("room-7");
        assertThat(read.getExtension("correlationid")).isEqualTo("correlation");
        assertThat(read.getExtension("causationid")).isEqualTo("cause");
        assertThat(read.getExtension("actor")).isEqualTo("someone");
        assertThat(read.getData()).isNotNull();
        assertThat(read.getData().toBytes()).isEqualTo(PAYLOAD.getBytes(StandardCharsets.UTF_8));
        assertThat(record.topic()).isEqualTo("test.lamps");
        assertThat(record.key()).isEqualTo("room-7");
    }

    @Test
    void a_message_has_everything_that_the_event_had() {
        ProducerRecord<String, byte[]> record = records.recordWithSealed("lamps", event);

        assertThat(CloudEventRecords.message(received(record, record.value()), "test."))
                .isEqualTo(new Message(
                        "lamps",
                        3,
                        99,
                        "lamp-service",
                        event.eventId(),
                        "switched-on.v1",
                        "lamp-1",
                        42,
                        "room-7",
                        event.occurredAt(),
                        event.metadata(),
                        PAYLOAD,
                        SEALED));
    }

    @Test
    void the_sealed_part_is_on_no_record_that_did_not_ask_for_it() {
        assertThat(records.record("lamps", event).headers().lastHeader(CloudEventRecords.SEALED))
                .isNull();
    }

    @Test
    void an_event_without_a_cause_has_none() {
        ProducerRecord<String, byte[]> record = records.record("lamps", event(null));

        assertThat(CloudEventRecords.message(received(record, record.value()), "test.")
                        .metadata()
                        .causationId())
                .isNull();
    }

    @Test
    void a_tombstone_reads_as_json_null() {
        ProducerRecord<String, byte[]> record = records.companion("names", event, "lamp-name.v1", null);

        assertThat(record.value()).isNull();
        assertThat(CloudEventRecords.message(received(record, null), "test."))
                .returns("null", Message::payload)
                .returns("lamp-name.v1", Message::type);
    }

    @Test
    void a_record_without_attributes_is_not_applicable_and_still_has_an_identity() {
        ProducerRecord<String, byte[]> bare = new ProducerRecord<>("test.lamps", "room-7", new byte[0]);
        ConsumerRecord<String, byte[]> received = received(bare, bare.value());

        assertThatThrownBy(() -> CloudEventRecords.message(received, "test.")).isInstanceOf(NotApplicable.class);
        assertThat(CloudEventRecords.unreadable(received, "test."))
                .returns("room-7", Message::partitionKey)
                .returns(100L, Message::version);
    }

    @Test
    void a_malformed_attribute_is_not_applicable() {
        ProducerRecord<String, byte[]> record = records.record("lamps", event);
        record.headers().remove("ce_time").add("ce_time", "yesterday".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> CloudEventRecords.message(received(record, record.value()), "test."))
                .isInstanceOf(NotApplicable.class)
                .hasMessageContaining("yesterday");
    }

    @Test
    void another_major_version_of_cloudevents_is_unknown() {
        ProducerRecord<String, byte[]> record = records.record("lamps", event);
        record.headers().remove("ce_specversion").add("ce_specversion", "2.0".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> CloudEventRecords.message(received(record, record.value()), "test."))
                .isInstanceOf(UnknownEventType.class);
    }

    @Test
    void the_sequence_sorts_as_text_like_the_number() {
        assertThat(CloudEventRecords.sequence(9)).isLessThan(CloudEventRecords.sequence(10));
        assertThat(CloudEventRecords.sequence(Long.MAX_VALUE)).hasSize(19);
    }

    private static StoredEvent event(@Nullable String cause) {
        return new StoredEvent(
                7,
                UUID.fromString("0190b8a0-0000-7000-8000-000000000001"),
                "lamp-1",
                42,
                "room-7",
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                new Metadata("someone", "correlation", cause),
                new EventCodec.Written("switched-on.v1", PAYLOAD, SEALED));
    }

    private static ConsumerRecord<String, byte[]> received(
            ProducerRecord<String, byte[]> record, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                record.topic(),
                3,
                99,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                record.key(),
                value,
                record.headers(),
                Optional.empty());
    }
}
