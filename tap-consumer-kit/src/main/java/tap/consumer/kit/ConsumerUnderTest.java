package tap.consumer.kit;

import java.util.Set;

import tap.contract.Topic;

/**
 * A consumer as the kit handles it: a thin adapter that its team writes. Each has data of its own, empty at first, which survive
 * {@link #stop} and {@link #kill}.
 */
public interface ConsumerUnderTest {
    /** The topics that it reads: of events, without prefix. */
    Set<Topic> topics();

    /**
     * Begins to consume where its data say. Kafka says how many partitions there are: fewer than the contract's.
     *
     * @param bootstrapServers of Kafka
     * @param prefix what stands before the name of each topic
     */
    void start(String bootstrapServers, String prefix);

    /** Ends in order. */
    void stop();

    /**
     * Ends as a crash does: without a last step. Ideally the death of its process; in the kit's process, whatever comes close.
     */
    void kill();

    /**
     * The offset that it reads next, by its stored data, whether it runs or not; 0 at first.
     *
     * @param topic without prefix
     */
    long nextOffset(Topic topic, int partition);

    /** What it has made of the events, as a value with {@code equals} and a telling {@code toString}. */
    Object state();

    /** The subjects of the streams for which it has raised an alarm, by its stored data or since it was made. */
    Set<String> alarms();
}
