package tap.eventsourcing.topics;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Message;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.UnknownEventType;

/**
 * Events as CloudEvents 1.0 in Kafka's binary content mode: attributes in {@code ce_} headers, the stored payload as the value,
 * byte for byte. Written by hand because it is the relay's hot path; a test reads it with the CloudEvents SDK.
 *
 * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">Kafka binding</a>
 */
public final class CloudEventRecords {
    /** The header with the sealed part of an event, on topics that carry it. */
    public static final String SEALED = "sealed";

    /** The payload of a message that was a tombstone: the exact JSON text {@code null}. */
    public static final String TOMBSTONE = "null";

    private static final String TYPE_PREFIX = "tap.";
    private static final String UNREADABLE = "unreadable";
    private static final byte[] SPEC_VERSION = utf8("1.0");
    private static final byte[] JSON = utf8("application/json");

    private final byte[] source;
    private final String prefix;

    /**
     * @param source the publishing service, CloudEvents {@code source}
     * @param prefix the deployment's topic prefix, empty by default
     */
    public CloudEventRecords(String source, String prefix) {
        this.source = utf8(source);
        this.prefix = prefix;
    }

    /**
     * An event as a record.
     *
     * @param topic without prefix
     */
    public ProducerRecord<String, byte[]> record(String topic, StoredEvent event) {
        EventCodec.Written written = event.written();
        return record(topic, event, written.type(), utf8(written.payload()), null);
    }

    /**
     * An event as a record whose header {@value #SEALED} has the event's sealed part, if it has one.
     *
     * @param topic without prefix
     */
    public ProducerRecord<String, byte[]> recordWithSealed(String topic, StoredEvent event) {
        EventCodec.Written written = event.written();
        return record(topic, event, written.type(), utf8(written.payload()), written.sealed());
    }

    /**
     * A companion of an event: absolute state that is published with it on a compacted topic, under the event's id, key and
     * version.
     *
     * @param topic without prefix
     * @param type stored type of the companion
     * @param payload JSON text, or {@code null} for a tombstone
     */
    public ProducerRecord<String, byte[]> companion(
            String topic, StoredEvent event, String type, @Nullable String payload) {
        return record(topic, event, type, payload == null ? null : utf8(payload), null);
    }

    private ProducerRecord<String, byte[]> record(
            String topic, StoredEvent event, String type, byte @Nullable [] value, @Nullable SealedPart sealedPart) {
        Headers headers = new RecordHeaders();
        headers.add("ce_specversion", SPEC_VERSION);
        headers.add("ce_id", utf8(event.eventId().toString()));
        headers.add("ce_source", source);
        headers.add("ce_type", utf8(TYPE_PREFIX + type));
        headers.add("ce_subject", utf8(event.streamId()));
        headers.add("ce_time", utf8(event.occurredAt().toString()));
        headers.add("ce_sequence", utf8(sequence(event.version())));
        headers.add("ce_partitionkey", utf8(event.partitionKey()));
        Metadata metadata = event.metadata();
        headers.add("ce_correlationid", utf8(metadata.correlationId()));
        String causationId = metadata.causationId();
        if (causationId != null) {
            headers.add("ce_causationid", utf8(causationId));
        }
        headers.add("ce_actor", utf8(metadata.actor()));
        headers.add("content-type", JSON);
        if (sealedPart != null) {
            headers.add(SEALED, sealedPart.bytes());
        }
        return new ProducerRecord<>(prefix + topic, null, event.partitionKey(), value, headers);
    }

    /** A version as CloudEvents {@code sequence}: 19 digits, so that text order is number order. */
    static String sequence(long version) {
        String digits = Long.toString(version);
        return "0".repeat(19 - digits.length()) + digits;
    }

    /**
     * Reads a record; a tombstone's payload is {@link #TOMBSTONE}.
     *
     * @param prefix the deployment's topic prefix, which the message's topic is without
     * @throws UnknownEventType if it is a CloudEvent of another major version
     * @throws NotApplicable if it is no CloudEvent, or one without the attributes that TAP's events have
     */
    public static Message message(ConsumerRecord<String, byte[]> record, String prefix) {
        String specVersion = attribute(record, "ce_specversion");
        if (!specVersion.startsWith("1.")) {
            throw new UnknownEventType("CloudEvents " + specVersion);
        }
        try {
            String type = attribute(record, "ce_type");
            if (!type.startsWith(TYPE_PREFIX)) {
                throw new NotApplicable("ce_type is not one of TAP's: " + type);
            }
            return new Message(
                    topic(record, prefix),
                    record.partition(),
                    record.offset(),
                    attribute(record, "ce_source"),
                    UUID.fromString(attribute(record, "ce_id")),
                    type.substring(TYPE_PREFIX.length()),
                    attribute(record, "ce_subject"),
                    Long.parseLong(attribute(record, "ce_sequence")),
                    attribute(record, "ce_partitionkey"),
                    Instant.parse(attribute(record, "ce_time")),
                    new Metadata(
                            attribute(record, "ce_actor"),
                            attribute(record, "ce_correlationid"),
                            header(record, "ce_causationid")),
                    payload(record),
                    sealedPart(record));
        } catch (IllegalArgumentException | DateTimeException malformed) {
            throw new NotApplicable("a CloudEvents attribute is malformed: " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Stands for a record that {@link #message} refused, so that it can be parked and its key fenced: the topic as source, the key
     * as stream, the offset as version, and an id made of its place and value, by which it is known again.
     */
    public static Message unreadable(ConsumerRecord<String, byte[]> record, String prefix) {
        String key = record.key() == null ? "" : record.key();
        String place = record.topic() + "/" + record.partition() + "/" + record.offset();
        return new Message(
                topic(record, prefix),
                record.partition(),
                record.offset(),
                topic(record, prefix),
                UUID.nameUUIDFromBytes(utf8(place + "\n" + payload(record))),
                UNREADABLE,
                key,
                record.offset() + 1,
                key,
                Instant.ofEpochMilli(Math.max(0, record.timestamp())),
                new Metadata("unknown", place, null),
                TOMBSTONE,
                null);
    }

    /** Whether a message is one of {@link #unreadable}. */
    public static boolean isUnreadable(Message message) {
        return message.type().equals(UNREADABLE) && message.source().equals(message.topic());
    }

    private static String topic(ConsumerRecord<?, ?> record, String prefix) {
        return record.topic().substring(prefix.length());
    }

    private static String payload(ConsumerRecord<String, byte[]> record) {
        byte[] value = record.value();
        return value == null ? TOMBSTONE : new String(value, StandardCharsets.UTF_8);
    }

    private static String attribute(ConsumerRecord<?, ?> record, String name) {
        String value = header(record, name);
        if (value == null) {
            throw new NotApplicable("the CloudEvents attribute " + name + " is missing");
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        byte[] value = bytes(record, name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] bytes(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : header.value();
    }

    private static @Nullable SealedPart sealedPart(ConsumerRecord<?, ?> record) {
        byte[] value = bytes(record, SEALED);
        return value == null ? null : SealedPart.of(value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
