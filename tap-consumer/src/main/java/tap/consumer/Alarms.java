package tap.consumer;

/** Whom a consumer tells what a person must look at. Called on the consumer's thread, after the fact is stored. */
@FunctionalInterface
public interface Alarms {
    /** A stream is held. Told again after each restart that finds it so. */
    void held(Held held);

    /**
     * An event waits for a fault of the handler or of the database to pass; the other partitions go on.
     *
     * @param attempt how often it failed in a row, from 1
     */
    default void failing(String topic, int partition, long offset, int attempt, Exception failure) {}

    /** The consumer has ended by itself: its offsets are no longer there, or it may not read. */
    default void stopped(Throwable failure) {}
}
