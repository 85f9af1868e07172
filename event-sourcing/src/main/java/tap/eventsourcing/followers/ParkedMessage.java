package tap.eventsourcing.followers;

import java.util.UUID;

/**
 * A row of {@code parked}: a message that could not be applied, and where it stands.
 *
 * @param source the service that published it, or the topic if it could not be read
 * @param streamId its stream, or the record's key if it could not be read
 * @param key the record's key, which is the user's id where there is one
 */
record ParkedMessage(
        String source,
        String streamId,
        long version,
        UUID eventId,
        String key,
        String topic,
        int partition,
        long offset) {
    /** The stream that is parked with it. */
    ParkedStream stream() {
        return new ParkedStream(source, streamId);
    }

    /** A stream, named by who publishes it. */
    record ParkedStream(String source, String streamId) {}
}
