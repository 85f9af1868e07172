package tap.eventsourcing.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * How far publishing is behind the log, as far as this pod knows. Who stands by does not know and says so: a zero from a pod that
 * looks at nothing would hide the lag of the one that publishes. After a failure the last knowledge stands, and ages. Ages are
 * judged by the database's clock.
 */
final class Lag {
    private volatile @Nullable Known known;
    private volatile Clock clock = new Clock(Instant.now(), System.nanoTime());

    /** Another pod publishes. */
    void unknown() {
        known = null;
    }

    /** The log's end is published. */
    void none() {
        known = new Known(0, null);
    }

    /** @param oldest when the oldest unpublished event occurred */
    void behind(long events, Instant oldest) {
        known = new Known(events, oldest);
    }

    /** The database's clock as it is now. */
    void clock(Instant now) {
        clock = new Clock(now, System.nanoTime());
    }

    /** Events that are known not to be published. */
    OptionalLong events() {
        Known now = known;
        return now == null ? OptionalLong.empty() : OptionalLong.of(now.events);
    }

    /** Age of the oldest of them, zero if there is none. */
    Optional<Duration> time() {
        Known now = known;
        if (now == null) {
            return Optional.empty();
        }
        if (now.oldest == null) {
            return Optional.of(Duration.ZERO);
        }
        Clock last = clock;
        Duration age = Duration.between(now.oldest, last.database).plusNanos(System.nanoTime() - last.at);
        return Optional.of(age.isNegative() ? Duration.ZERO : age);
    }

    private record Known(long events, @Nullable Instant oldest) {}

    private record Clock(Instant database, long at) {}
}
