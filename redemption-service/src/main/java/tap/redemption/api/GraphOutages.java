package tap.redemption.api;

import java.time.Duration;

import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.StoreFailures;
import tap.eventsourcing.Unavailable;
import tap.graph.error.FailureTranslation;
import tap.graph.error.GraphError;

/** On Graph paths too a store that is away is a 503 that says when to come again. */
@Singleton
public class GraphOutages implements FailureTranslation {
    private static final Duration SOON = Duration.ofSeconds(1);

    @Override
    public @Nullable GraphError translate(Throwable failure) {
        if (failure instanceof Unavailable unavailable) {
            return GraphError.unavailable(unavailable.retryAfter());
        }
        return StoreFailures.passes(failure) ? GraphError.unavailable(SOON) : null;
    }
}
