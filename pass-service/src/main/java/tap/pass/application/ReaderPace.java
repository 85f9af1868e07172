package tap.pass.application;

import java.time.Duration;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/** Whether the reader of a stream still reads: asks for another line when one was handed over. For all threads. */
final class ReaderPace {
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    // when a line was handed over that the reader has not yet asked to be followed by another
    private volatile @Nullable Long handedOverAt;

    ReaderPace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The reader asks for more. */
    void asked() {
        handedOverAt = null;
    }

    /** The reader is given a line. */
    void handedOver() {
        handedOverAt = nanoTime.getAsLong();
    }

    /** Whether the reader has not asked for more for longer than anybody waits for it. */
    boolean stalled() {
        Long since = handedOverAt;
        return since != null && nanoTime.getAsLong() - since > PATIENCE.toNanos();
    }
}
