package tap.consumer;

/**
 * A stream of which nothing more takes effect, until it is released or the consumer restarts and finds it in order.
 *
 * @param topic as Kafka knows it
 * @param partition where the event lies that could not be applied
 * @param offset where it lies
 * @param source the service that writes the stream; empty if the record does not say: then all of its key is held
 * @param subject the stream; the record's key if the record does not say
 * @param sequence the event's place in the stream, 0 if the record does not say
 * @param reason why
 * @param detail the same for an operator's eyes
 */
public record Held(
        String topic,
        int partition,
        long offset,
        String source,
        String subject,
        long sequence,
        Reason reason,
        String detail) {

    /** Why a stream is held. */
    public enum Reason {
        /** A sequence is missing. */
        GAP,
        /** Another event stands where one was received before: the publisher's past has changed. */
        FORK,
        /** The type is of a later release than this consumer. */
        UNKNOWN_TYPE,
        /** The type is known, its version is of a later release than this consumer. */
        NEWER_VERSION,
        /** No CloudEvent with TAP's attributes, or data that is not what its type says. */
        UNREADABLE
    }
}
