package tap.eventsourcing.confirmation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfirmationTimesTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final ConfirmationTimes times = new ConfirmationTimes("issue", meters);

    @Test
    void a_wait_is_timed_from_its_subscription_to_its_answer() {
        CompletableFuture<Boolean> fact = new CompletableFuture<>();
        Uni<Boolean> wait = times.timed(Uni.createFrom().completionStage(fact));
        clock.add(1, TimeUnit.SECONDS);
        CompletableFuture<Boolean> answer = wait.subscribeAsCompletionStage();
        clock.add(30, TimeUnit.MILLISECONDS);
        fact.complete(true);

        assertThat(answer).isCompletedWithValue(true);
        Timer confirmed = meters.get("tap.confirmation")
                .tags("operation", "issue", "outcome", "confirmed")
                .timer();
        assertThat(confirmed.count()).isOne();
        assertThat(confirmed.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(30);
    }

    @Test
    void what_is_not_confirmed_in_time_is_counted_apart() {
        times.timed(Uni.createFrom().item(false)).await().indefinitely();

        assertThat(count("pending")).isOne();
        assertThat(count("confirmed")).as("shown all the same").isZero();
    }

    private long count(String outcome) {
        return meters.get("tap.confirmation")
                .tags("operation", "issue", "outcome", outcome)
                .timer()
                .count();
    }
}
