package tap.endtoend.torture;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When clients and faults wait, and when it is over. For all threads. */
final class Pace {
    private final CountDownLatch over = new CountDownLatch(1);

    /** Waits; false at once when it is over. */
    boolean goesOn(long millis) throws InterruptedException {
        return !over.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits, also when it is over. */
    void hold(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** Ends all waiting. */
    void end() {
        over.countDown();
    }
}
