package tap.testkit.infrastructure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StatementCounterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void a_reading_during_which_a_projection_began_is_not_taken() throws SQLException {
        // its BEGIN was read before it ran, and its lock after it
        Map<String, Long> torn = brackets(7, 7, 6);
        Map<String, Long> whole = brackets(8, 8, 6);
        assertThat(settled(List.of(torn, whole, whole))).isSameAs(whole);
    }

    @Test
    void a_reading_within_a_transaction_is_not_taken() throws SQLException {
        Map<String, Long> begun = brackets(8, 7, 6);
        Map<String, Long> ended = brackets(8, 8, 6);
        Iterator<Long> open = List.of(1L, 1L, 0L, 0L).iterator();
        Iterator<Map<String, Long>> next =
                List.of(begun, begun, begun, ended, ended).iterator();
        assertThat(StatementCounter.settled(next::next, open::next, PATIENCE)).isSameAs(ended);
    }

    @Test
    void a_transaction_that_ended_with_its_session_is_no_open_one() throws SQLException {
        Map<String, Long> killed = brackets(8, 7, 6);
        assertThat(settled(List.of(killed, killed))).isSameAs(killed);
    }

    @Test
    void a_transaction_that_never_ends_is_told() {
        assertThatThrownBy(() -> StatementCounter.settled(() -> brackets(8, 7, 6), () -> 1, Duration.ZERO))
                .hasMessageContaining("open transaction");
    }

    private static Map<String, Long> settled(List<Map<String, Long>> readings) throws SQLException {
        Iterator<Map<String, Long>> next = readings.iterator();
        return StatementCounter.settled(next::next, () -> 0, PATIENCE);
    }

    private static Map<String, Long> brackets(long begun, long committed, long locked) {
        return Map.of("BEGIN", begun, "COMMIT", committed, "SELECT FROM projection_cursor FOR UPDATE", locked);
    }
}
