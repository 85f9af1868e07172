package tap.consumer;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.contract.EventTypes;
import tap.contract.PublicEvent;

/** A record as it was understood: an event, or the reason why it is none that this build can apply. */
sealed interface Arrival {
    /** Where in the log of its service it belongs. */
    Place place();

    /** An event that this build knows. */
    record Known(Place place, TapEvent event) implements Arrival {}

    /** An event whose place is known, but not what it says. */
    record Unknown(Place place, Held.Reason reason, String detail) implements Arrival {}

    /** No event at all; its place is its key, without a source. */
    record Stray(Place place, String detail) implements Arrival {}

    /**
     * An event's place in a stream.
     *
     * @param id of the event there
     */
    record Place(String source, String subject, long sequence, UUID id) {}

    /** Understands a record; never fails. */
    static Arrival of(ConsumerRecord<String, byte[]> record) {
        Place place;
        CloudEvent event;
        try {
            event = KafkaMessageFactory.createReader(record).toEvent();
            place = new Place(
                    event.getSource().toString(),
                    Objects.requireNonNull(event.getSubject(), "subject is missing"),
                    Long.parseLong(extension(event, "sequence")),
                    UUID.fromString(event.getId()));
            if (place.sequence() < 1 || place.source().isEmpty()) {
                throw new IllegalArgumentException("sequence is not positive, or source is empty");
            }
        } catch (CloudEventRWException | IllegalArgumentException | NullPointerException malformed) {
            String key = Objects.requireNonNullElse(record.key(), "");
            String where = record.topic() + "/" + record.partition() + "/" + record.offset();
            return new Stray(
                    new Place("", key, 0, UUID.nameUUIDFromBytes(where.getBytes(StandardCharsets.UTF_8))),
                    "no event of TAP: " + malformed.getMessage());
        }
        return of(record, event, place);
    }

    private static Arrival of(ConsumerRecord<String, byte[]> record, CloudEvent event, Place place) {
        String type = event.getType();
        Optional<Class<? extends PublicEvent>> known = type.startsWith(EventTypes.CLOUD_EVENTS_PREFIX)
                ? EventTypes.record(type.substring(EventTypes.CLOUD_EVENTS_PREFIX.length()))
                : Optional.empty();
        if (known.isEmpty()) {
            return new Unknown(
                    place,
                    isNewerVersion(type) ? Held.Reason.NEWER_VERSION : Held.Reason.UNKNOWN_TYPE,
                    type + " is not known to this build");
        }
        try {
            CloudEventData data = Objects.requireNonNull(event.getData(), "data is missing");
            return new Known(
                    place,
                    new TapEvent(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            place.source(),
                            place.id(),
                            type.substring(EventTypes.CLOUD_EVENTS_PREFIX.length()),
                            place.subject(),
                            place.sequence(),
                            time(event),
                            extension(event, "partitionkey"),
                            extension(event, "actor"),
                            extension(event, "correlationid"),
                            (String) event.getExtension("causationid"),
                            payload(data, known.get())));
        } catch (IllegalArgumentException | NullPointerException | ClassCastException malformed) {
            return new Unknown(place, Held.Reason.UNREADABLE, type + " is malformed: " + malformed.getMessage());
        }
    }

    private static Instant time(CloudEvent event) {
        return Objects.requireNonNull(event.getTime(), "time is missing").toInstant();
    }

    private static PublicEvent payload(CloudEventData data, Class<? extends PublicEvent> type) {
        try {
            // JSON null is no record either
            return Objects.requireNonNull(ContractJson.mapper().readValue(text(data), type), "data is null");
        } catch (JsonProcessingException malformed) {
            // without the original message, which quotes the data
            throw new IllegalArgumentException(
                    malformed.getClass().getSimpleName() + " at " + malformed.getLocation(), malformed);
        }
    }

    private static String text(CloudEventData data) {
        return new String(data.toBytes(), StandardCharsets.UTF_8);
    }

    private static String extension(CloudEvent event, String name) {
        @Nullable Object value = event.getExtension(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value.toString();
    }

    private static boolean isNewerVersion(String type) {
        String name = type.replaceFirst("\\.v\\d+$", "");
        return EventTypes.all().keySet().stream()
                .anyMatch(known -> (EventTypes.CLOUD_EVENTS_PREFIX + known.replaceFirst("\\.v\\d+$", "")).equals(name));
    }
}
