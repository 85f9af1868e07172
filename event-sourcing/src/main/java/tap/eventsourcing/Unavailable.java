package tap.eventsourcing;

import java.time.Duration;

/** The service cannot decide now: store away, too busy, or not yet found complete. The caller may repeat later: HTTP 503. */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /**
     * @param reason what is wrong, for the log
     * @param retryAfter when a repetition has a chance
     * @param cause the failure behind it, if any
     */
    public Unavailable(String reason, Duration retryAfter, @org.jspecify.annotations.Nullable Throwable cause) {
        super(reason, cause);
        this.retryAfter = retryAfter;
    }

    /** When a repetition has a chance. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
