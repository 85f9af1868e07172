package tap.testkit.contract;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import tap.contract.Topics;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.topics.CloudEventRecords;

/** Messages as a service would publish them, good and bad. */
final class Messages {
    static final UUID USER = UUID.fromString("7a1c7e0e-8d3c-4a53-a5b5-0a8f8e3f3f11");

    private Messages() {}

    /** A revocation whose payload is the given text. */
    static ProducerRecord<String, byte[]> revoked(String prefix, String payload) {
        return message(prefix, "pass-revoked.v1", payload);
    }

    /** A revocation as it is promised. */
    static String revocation() {
        return """
                {"userId":"%1$s","passId":"%1$s","reason":"deleted","revokedAt":"2026-11-23T09:15:30Z"}""".formatted(USER);
    }

    static ProducerRecord<String, byte[]> message(String prefix, String type, String payload) {
        return new CloudEventRecords("pass-service", prefix).record(Topics.PASSES.name(), event(type, payload));
    }

    /** The removal of a user's names. */
    static ProducerRecord<String, byte[]> tombstone(String type) {
        return new CloudEventRecords("policy-service", "")
                .companion(Topics.DIRECTORY_NAMES.name(), event("user-removed.v1", "{}"), type, null);
    }

    /** What a consumer gets of it. */
    static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.empty());
    }

    private static StoredEvent event(String type, String payload) {
        return new StoredEvent(
                1,
                USER,
                USER.toString(),
                1,
                USER.toString(),
                Instant.EPOCH,
                new Metadata("administrator", "correlation", null),
                new EventCodec.Written(type, payload, null));
    }
}
