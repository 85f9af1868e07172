package tap.eventsourcing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * New events of one stream, and the head that they lead to.
 *
 * @param streamId the stream
 * @param expectedVersion the version that the decision was made on, 0 for a new stream
 * @param head the state after the events
 * @param stateVersion the version of the state's written form
 * @param events one or more
 */
public record StreamAppend(
        String streamId, long expectedVersion, StateCodec.Written head, int stateVersion, List<NewEvent> events) {

    /**
     * An event that is about to be stored.
     *
     * @param eventId UUID version 7
     * @param occurredAt the decision's instant
     * @param metadata who and what caused it
     * @param written type, payload and sealed part
     */
    public record NewEvent(UUID eventId, Instant occurredAt, Metadata metadata, EventCodec.Written written) {}
}
