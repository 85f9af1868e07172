package tap.pass.api;

import java.time.Duration;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.codes.Argon2PoolFull;
import tap.eventsourcing.StoreFailures;
import tap.eventsourcing.Unavailable;
import tap.graph.error.FailureTranslation;
import tap.graph.error.GraphError;

/** A store that is away, or no room for an Argon2, is no error of anybody: 503, and when to come again. */
@Singleton
public class Outages implements FailureTranslation {
    private static final int MAX_CAUSES = 8;

    @Override
    public @Nullable GraphError translate(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof Unavailable unavailable) {
                return GraphError.unavailable(unavailable.retryAfter());
            }
            if (cause instanceof Argon2PoolFull full) {
                return GraphError.unavailable(full.retryAfter());
            }
            if (StoreFailures.passes(cause)) {
                return GraphError.unavailable(Duration.ofSeconds(1));
            }
            cause = cause.getCause();
        }
        return null;
    }
}
