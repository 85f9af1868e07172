package tap.testkit.architecture.crooked.domain;

import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** Breaks: domain has no clock and no randomness. */
public final class ImpatientDecider {
    /** Asks the clock. */
    public Instant now() {
        return Instant.now();
    }

    /** Throws dice. */
    public UUID id() {
        return UUID.randomUUID();
    }

    /** Asks another clock. */
    public long millis() {
        return System.currentTimeMillis();
    }

    /** Throws other dice. */
    public Random random() {
        return new Random(1);
    }
}
