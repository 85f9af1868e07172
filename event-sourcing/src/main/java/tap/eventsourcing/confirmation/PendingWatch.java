package tap.eventsourcing.confirmation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Recurring;

/**
 * Shows how much waits to be confirmed as {@code tap.pending} and {@code tap.pending.age}, in every pod alike. Looks every few
 * seconds, so that no scrape costs a statement; while the database is away, what was seen last stands.
 */
public final class PendingWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Supplier<Uni<Pending>> look;
    private volatile Pending seen = Pending.NOTHING;
    private @Nullable Recurring turns;

    /** @param look asks the database */
    public PendingWatch(Supplier<Uni<Pending>> look, MeterRegistry meters) {
        this.look = look;
        Gauge.builder("tap.pending", this, watch -> watch.seen.count())
                .description("What was answered or begun and is not yet known to be effective everywhere")
                .register(meters);
        TimeGauge.builder(
                        "tap.pending.age",
                        this,
                        TimeUnit.SECONDS,
                        watch -> watch.seen.age().toMillis() / 1000.0)
                .description("How long the oldest of it has waited")
                .register(meters);
    }

    /** Begins to look; returns at once. */
    public void start() {
        turns = new Recurring("the look for what is pending", EVERY, this::see);
    }

    private Uni<Void> see() {
        return look.get()
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .invoke(pending -> seen = pending)
                .replaceWithVoid();
    }

    @Override
    public void close() {
        Recurring begun = turns;
        if (begun != null) {
            begun.close();
        }
    }
}
