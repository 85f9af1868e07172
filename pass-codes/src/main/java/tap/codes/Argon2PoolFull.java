package tap.codes;

import java.time.Duration;

/** The pool's refusal when its queue is full or it is closing. At the edge it becomes {@code 503} with {@code Retry-After}. */
public final class Argon2PoolFull extends RuntimeException {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    Argon2PoolFull() {
        // no stack trace: refusing has to stay cheap, and it says nothing
        super("Every Argon2 worker is busy and the queue is full.", null, false, false);
    }

    /** When trying again makes sense: longer than the queue takes to drain. */
    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
