package tap.eventsourcing.relay;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/** Pauses between failures, doubling from 50 ms to 2 s; and says a failure only when it is another than before. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofSeconds(2);

    private Duration pause = FIRST;
    private @Nullable String told;

    Duration next() {
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(MOST) > 0 ? MOST : doubled;
        return now;
    }

    boolean tellsOf(Throwable failure) {
        String description = failure.toString();
        boolean isNew = !description.equals(told);
        told = description;
        return isNew;
    }

    void reset() {
        pause = FIRST;
        told = null;
    }
}
