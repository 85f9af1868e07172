package tap.eventsourcing.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LeaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final LogCursor NEXT = LogCursor.at("5:5:");
    private static final Map<TopicPartition, Long> ENDS = Map.of(new TopicPartition("x.tallies", 0), 7L);

    private final Lease first = new Lease("first/1", Duration.ofMinutes(1));
    private final Lease second = new Lease("second/1", Duration.ofMinutes(1));
    private TestDatabase database;
    private SqlConnection connection;

    @BeforeEach
    void open() {
        database = TestDatabase.create("lease", TestDatabase.EVENT_SOURCING).witnessed();
        connection = get(database.pool(1).getConnection());
    }

    @AfterEach
    void close() {
        connection.closeAndAwait();
        database.close();
    }

    @Test
    void one_holds_it_until_it_lapses_and_each_new_holder_has_a_later_epoch() throws SQLException {
        assertThat(get(first.take(connection))).hasValue(1);
        assertThat(get(first.take(connection))).hasValue(1);
        assertThat(get(second.take(connection))).isEmpty();
        lapse();
        assertThat(get(second.take(connection))).hasValue(2);
        assertThat(get(first.take(connection))).isEmpty();
        get(second.release(connection));
        assertThat(get(first.take(connection))).hasValue(3);
    }

    @Test
    void an_epoch_that_is_over_cannot_move_the_cursor() throws SQLException {
        long before = get(first.take(connection)).orElseThrow();
        get(first.adopt(connection, before));
        lapse();
        long now = get(second.take(connection)).orElseThrow();
        // the lease alone fences: a holder that was frozen moves nothing even before the next one has adopted the
        // cursor
        assertThat(get(first.move(connection, before, NEXT, ENDS, "x."))).isFalse();
        assertThat(get(second.adopt(connection, now))).isEqualTo(LogCursor.at("1:1:"));
        assertThat(get(first.move(connection, before, NEXT, ENDS, "x."))).isFalse();
        assertThatThrownBy(() -> get(first.adopt(connection, before))).hasMessageContaining("later epoch");

        assertThat(get(second.adopt(connection, now))).isEqualTo(LogCursor.at("1:1:"));
        assertThat(get(second.move(connection, now, NEXT, ENDS, "x."))).isTrue();
        assertThat(get(second.adopt(connection, now))).isEqualTo(NEXT);
    }

    @Test
    void a_lease_of_another_clock_that_ends_too_far_ahead_is_over() throws SQLException {
        get(first.take(connection));
        execute("UPDATE relay_lease SET until = now() + interval '1 day'");
        assertThat(get(second.take(connection))).isEqualTo(OptionalLong.of(2));
    }

    private void lapse() throws SQLException {
        execute("UPDATE relay_lease SET until = now() - interval '1 second'");
    }

    private void execute(String sql) throws SQLException {
        try (var owner = database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
