package tap.consumer;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.contract.PublicEvent;

/**
 * An event of TAP with its CloudEvents attributes (docs/events.md).
 *
 * @param topic as Kafka knows it, with the deployment's prefix
 * @param partition where it lies
 * @param offset where it lies
 * @param source the service that decided it
 * @param id the same wherever the event appears
 * @param type the stored type, without {@code tap.}: {@code pass-issued.v1}
 * @param subject the stream
 * @param sequence the stream's version with this event, from 1
 * @param time when it was decided, by the deciding database's clock
 * @param partitionKey the record's key
 * @param actor who caused it, an opaque id
 * @param correlationId the request that began it
 * @param causationId the event that was reacted to, or {@code null}
 * @param data what happened
 */
public record TapEvent(
        String topic,
        int partition,
        long offset,
        String source,
        UUID id,
        String type,
        String subject,
        long sequence,
        Instant time,
        String partitionKey,
        String actor,
        String correlationId,
        @Nullable String causationId,
        PublicEvent data) {}
