package tap.eventsourcing.relay;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LagTest {
    private final Lag lag = new Lag();

    @Test
    void a_pod_that_has_not_looked_or_stands_by_knows_nothing() {
        assertThat(lag.events()).isEmpty();
        assertThat(lag.time()).isEmpty();
        lag.none();
        lag.unknown();
        assertThat(lag.events()).isEmpty();
        assertThat(lag.time()).isEmpty();
    }

    @Test
    void at_the_end_of_the_log_it_is_zero() {
        lag.none();
        assertThat(lag.events()).hasValue(0);
        assertThat(lag.time()).contains(Duration.ZERO);
    }

    @Test
    void ages_are_judged_by_the_clock_of_the_database_however_wrong_the_one_of_the_pod_is() {
        Instant there = Instant.parse("2019-05-01T00:00:00Z");
        lag.clock(there);
        lag.behind(7, there.minusSeconds(3600));
        assertThat(lag.events()).hasValue(7);
        assertThat(lag.time().orElseThrow()).isBetween(Duration.ofHours(1), Duration.ofHours(2));
        lag.behind(1, there.plusSeconds(3600));
        assertThat(lag.time()).contains(Duration.ZERO);
    }
}
