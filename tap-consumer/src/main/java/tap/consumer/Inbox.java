package tap.consumer;

import java.util.UUID;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer has received, kept with its own data, so that an event's effect and the note that it had one are one transaction.
 * {@link JdbcInbox} is one; another store with transactions can have its own.
 *
 * @param <T> the consumer's transaction
 */
public interface Inbox<T> {
    /** The offset that the consumer reads next, 0 if it never read the partition. */
    long next(TopicPartition partition) throws Exception;

    /** Lets every held stream of the partition go, and moves its next offset back to the first that was held; that offset. */
    long release(TopicPartition partition) throws Exception;

    /**
     * Moves the next offset and does the work, in one transaction that no other one on the same partition overlaps.
     *
     * @throws OffsetMoved if the next offset is not {@code from}: another consumer has the partition
     */
    void transact(TopicPartition partition, long from, long to, Work<T> work) throws Exception;

    /** What is done in a transaction. */
    @FunctionalInterface
    interface Work<T> {
        /** Does it; throws to have it undone. */
        void run(T transaction, Received received) throws Exception;
    }

    /** What was received, as this transaction sees it. */
    interface Received {
        /**
         * What is known about a stream.
         *
         * @param sequence at which the event is asked for
         * @param key under which the stream lies
         */
        Past past(String source, String subject, long sequence, String key) throws Exception;

        /** An event takes effect. */
        void add(TapEvent event) throws Exception;

        /** A stream is held. */
        void hold(Held held) throws Exception;
    }

    /**
     * What is known about a stream.
     *
     * @param latest the last sequence that took effect, 0 if none
     * @param here the event that took effect at the sequence asked for, or {@code null}
     * @param held why the stream, or its whole key, is held, or {@code null}
     */
    record Past(long latest, @Nullable UUID here, Held.@Nullable Reason held) {}

    /** Another consumer moved the offset, or an operator did: what is stored counts. */
    final class OffsetMoved extends Exception {
        private static final long serialVersionUID = 1;

        /** Says where it was expected. */
        public OffsetMoved(TopicPartition partition, long expected) {
            super("the next offset of " + partition + " is not " + expected);
        }
    }
}
