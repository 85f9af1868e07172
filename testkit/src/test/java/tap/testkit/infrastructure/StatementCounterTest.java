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
        Map<String, Long> open = brackets(8, 7, 6);
        Map<String, Long> whole = brackets(8, 8, 6);
        assertThat(settled(List.of(open, open, whole, whole))).isSameAs(whole);
    }

    @Test
    void a_transaction_that_never_ends_is_told() {
        assertThatThrownBy(() -> StatementCounter.settled(() -> brackets(8, 7, 6), Duration.ZERO))
                .hasMessageContaining("open transaction");
    }

    private static Map<String, Long> settled(List<Map<String, Long>> readings) throws SQLException {
        Iterator<Map<String, Long>> next = readings.iterator();
        return StatementCounter.settled(next::next, PATIENCE);
    }

    private static Map<String, Long> brackets(long begun, long committed, long locked) {
        return Map.of("BEGIN", begun, "COMMIT", committed, "SELECT FROM projection_cursor FOR UPDATE", locked);
    }
}
