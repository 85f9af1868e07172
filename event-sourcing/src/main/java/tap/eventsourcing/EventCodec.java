package tap.eventsourcing;

import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * How an aggregate's events are written down. The payload is the public record, byte for byte as it is published.
 *
 * @param <E> domain events, sealed
 */
public interface EventCodec<E> {

    /** The stored form of a new event, always of its newest version. */
    Written write(E event);

    /**
     * Reads an event of any stored version, upcasting older ones.
     *
     * @throws UnknownEventType if no reader of this build knows the type
     */
    E read(Written written);

    /** The id that the event brings along because its content names it; most events bring none and are given one. */
    default Optional<UUID> id(E event) {
        return Optional.empty();
    }

    /**
     * An event as it is stored.
     *
     * @param type stored name and version, {@code pass-issued.v1}; never a class name
     * @param payload exact JSON text of the public record
     * @param sealed what may not be public, already encrypted, or {@code null}
     */
    record Written(String type, String payload, @Nullable SealedPart sealed) {}
}
