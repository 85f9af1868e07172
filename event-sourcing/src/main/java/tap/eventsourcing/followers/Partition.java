package tap.eventsourcing.followers;

import java.time.Duration;

import org.apache.kafka.common.TopicPartition;

/** An assigned partition; used by one record batch at a time. */
final class Partition {
    private static final Duration BETWEEN_SEEKS = Duration.ofMillis(500);

    final TopicPartition topicPartition;
    final String topicId;
    volatile long next;
    /** How often messages of the partition had been replayed when its offset was read. */
    volatile long replays;
    /** Waits for a newer build. */
    volatile boolean held;
    /** Its topic is not the one that was followed: waits for an operator. */
    volatile boolean anew;
    /** Somebody else was at its row just now: the next transaction waits for it first. */
    volatile boolean contended;
    /** Up to here, messages are applied one a transaction, because one of them failed. */
    volatile long singlyUpTo;

    int failures;
    private long heldOffset = -1;
    private long heldAt;
    private long soughtAt;
    private boolean sought;

    Partition(TopicPartition topicPartition, String topicId, long next, long replays) {
        this.topicPartition = topicPartition;
        this.topicId = topicId;
        this.next = next;
        this.replays = replays;
    }

    /** Whether nothing is applied for now. */
    boolean stopped() {
        return held || anew;
    }

    /** Notes since when an offset waits for a newer build; the first time counts. */
    void heldSince(long offset) {
        if (heldOffset != offset) {
            heldOffset = offset;
            heldAt = System.nanoTime();
        }
    }

    /** Whether an offset has waited so long for a newer build. */
    boolean heldLongEnough(long offset, Duration holdFor) {
        return heldOffset == offset && System.nanoTime() - heldAt >= holdFor.toNanos();
    }

    /** The pause after one more failure in a row. */
    Duration failedAgain(Duration first, Duration longest) {
        failures++;
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** Whether a seek is due: what was polled before it may still be under way, and must not ask for another each time. */
    boolean maySeek() {
        long now = System.nanoTime();
        if (sought && now - soughtAt < BETWEEN_SEEKS.toNanos()) {
            return false;
        }
        sought = true;
        soughtAt = now;
        return true;
    }
}
