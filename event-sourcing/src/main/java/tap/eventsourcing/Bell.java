package tap.eventsourcing;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one background thread from any other; rings that nobody waited for are heard once, by the next who waits. */
public final class Bell {
    private final Semaphore rung = new Semaphore(0);

    /** Rings; returns at once. */
    public void ring() {
        if (rung.availablePermits() == 0) {
            rung.release();
        }
    }

    /**
     * Waits until it rings.
     *
     * @param most how long at most
     * @return whether it rang
     */
    public boolean await(Duration most) throws InterruptedException {
        boolean heard = rung.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
        rung.drainPermits();
        return heard;
    }
}
