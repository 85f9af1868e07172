package tap.eventsourcing;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import org.jboss.logging.Logger;

/** Work that is done again and again, never twice at a time; what fails is done at the next turn. */
public final class Recurring implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Recurring.class);

    private final Cancellable turns;

    /**
     * Begins at once.
     *
     * @param name what the work is called when it fails
     */
    public Recurring(String name, Duration interval, Supplier<Uni<Void>> work) {
        this.turns = Multi.createFrom()
                .ticks()
                .every(interval)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> Uni.createFrom()
                        .deferred(work::get)
                        .onFailure()
                        .invoke(failure -> LOG.warnf("%s waits for its next turn: %s", name, failure.getMessage()))
                        .onFailure()
                        .recoverWithNull())
                .subscribe()
                .with(done -> {});
    }

    @Override
    public void close() {
        turns.cancel();
    }
}
