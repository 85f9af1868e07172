package tap.pass.api;

import java.io.IOException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import tap.eventsourcing.Unavailable;
import tap.graph.error.GraphError;

import static org.assertj.core.api.Assertions.assertThat;

class OutagesTest {
    private final Outages outages = new Outages();

    @Test
    void a_store_that_is_away_is_503_and_says_when_to_come_again() {
        GraphError error = outages.translate(
                new IllegalStateException(new Unavailable("away", Duration.ofSeconds(7), new IOException())));
        assertThat(error).isEqualTo(GraphError.unavailable(Duration.ofSeconds(7)));
        assertThat(outages.translate(new IOException("reset by peer")))
                .isEqualTo(GraphError.unavailable(Duration.ofSeconds(1)));
    }

    @Test
    void a_bug_is_no_outage() {
        assertThat(outages.translate(new IllegalStateException("a bug"))).isNull();
    }
}
