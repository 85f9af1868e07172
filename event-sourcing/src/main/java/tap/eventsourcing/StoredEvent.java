package tap.eventsourcing;

import java.time.Instant;
import java.util.UUID;

/**
 * A row of the log.
 *
 * @param seq the order of insertion; not the order of commit, so never a cursor by itself
 * @param eventId UUID version 7, also the CloudEvents id
 * @param streamId the stream
 * @param version the stream's version with it, from 1
 * @param partitionKey the key of its messages
 * @param occurredAt the decision's instant
 * @param metadata who and what caused it
 * @param written type, payload and sealed part
 */
public record StoredEvent(
        long seq,
        UUID eventId,
        String streamId,
        long version,
        String partitionKey,
        Instant occurredAt,
        Metadata metadata,
        EventCodec.Written written) {}
