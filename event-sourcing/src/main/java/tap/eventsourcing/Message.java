package tap.eventsourcing;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent that a follower received, and where it stood.
 *
 * @param topic the topic, without a deployment's prefix
 * @param partition its partition
 * @param offset its offset
 * @param source the service that published it
 * @param eventId CloudEvents {@code id}
 * @param type stored type, without the {@code tap.} of the CloudEvents type
 * @param streamId CloudEvents {@code subject}
 * @param version CloudEvents {@code sequence}, the stream's version
 * @param partitionKey CloudEvents attribute of the same name
 * @param occurredAt CloudEvents {@code time}
 * @param metadata actor, correlation and causation
 * @param payload exact JSON text
 * @param sealed the sealed part, where the topic carries it
 */
public record Message(
        String topic,
        int partition,
        long offset,
        String source,
        UUID eventId,
        String type,
        String streamId,
        long version,
        String partitionKey,
        Instant occurredAt,
        Metadata metadata,
        String payload,
        @Nullable SealedPart sealed) {

    /** The metadata of what the actor, a reacting service, does because of this message. */
    public Metadata caused(String actor) {
        return new Metadata(actor, metadata.correlationId(), eventId.toString());
    }
}
