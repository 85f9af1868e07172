package tap.eventsourcing.confirmation;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;

/**
 * How long one operation's answers take from the commit until they are true everywhere, as the histogram {@code tap.confirmation},
 * shown from the beginning, so that its rates are right from the first answer on.
 */
public final class ConfirmationTimes {
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration MOST = Duration.ofSeconds(2);

    private final MeterRegistry meters;
    private final Timer confirmed;
    private final Timer pending;

    /**
     * @param operation what waits: issue, delete, policy or directory
     * @param meters where the histogram is shown
     */
    public ConfirmationTimes(String operation, MeterRegistry meters) {
        this.meters = meters;
        this.confirmed = timer(operation, "confirmed");
        this.pending = timer(operation, "pending");
    }

    /**
     * Times a wait, which begins when it is subscribed to: as soon as the command has committed.
     *
     * @param wait whether it is true everywhere; false if the caller has to be answered without knowing
     */
    public Uni<Boolean> timed(Uni<Boolean> wait) {
        return Uni.createFrom().deferred(() -> {
            Timer.Sample sample = Timer.start(meters);
            return wait.invoke(known -> sample.stop(known ? confirmed : pending));
        });
    }

    private Timer timer(String operation, String outcome) {
        return Timer.builder("tap.confirmation")
                .description("From the commit until its effect is known everywhere, or the answer could wait no longer")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .publishPercentileHistogram()
                .minimumExpectedValue(LEAST)
                .maximumExpectedValue(MOST)
                .register(meters);
    }
}
