package tap.testkit.faults;

import java.sql.SQLException;
import java.time.Duration;

import io.vertx.mutiny.sqlclient.Pool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tap.testkit.infrastructure.SharedServers;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SkewedClockIT {
    @SuppressWarnings("NullAway.Init") // set before the first test
    private static TestDatabase database;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static Pool pool;

    private final SkewedClock clock = SkewedClock.of(database);

    @BeforeAll
    static void open() {
        database = TestDatabase.create("skewed_clock", TestDatabase.EVENT_SOURCING);
        pool = database.pool(1);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @AfterEach
    void setRight() {
        clock.close();
        assertThat(minutesAhead()).isZero();
    }

    @Test
    void it_is_ahead_or_behind_by_as_much_as_asked_for() {
        assertThat(minutesAhead()).isZero();
        clock.skew(Duration.ofMinutes(90));
        assertThat(minutesAhead()).isEqualTo(90);
        clock.skew(Duration.ofMinutes(-30));
        assertThat(minutesAhead()).isEqualTo(-30);
        clock.toTrue();
        assertThat(minutesAhead()).isZero();
    }

    @Test
    void steps_and_the_passing_of_time_add_up() {
        clock.skew(Duration.ofMinutes(10));
        clock.step(Duration.ofMinutes(-25));
        assertThat(minutesAhead()).isEqualTo(-15);
        clock.advance(Duration.ofMinutes(60));
        assertThat(minutesAhead()).isEqualTo(45);
        assertThatThrownBy(() -> clock.advance(Duration.ofMinutes(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(minutesAhead()).isEqualTo(45);
    }

    @Test
    void it_still_belongs_to_the_owner_alone() throws SQLException {
        clock.skew(Duration.ofMinutes(5));
        // as on a running stack, where only the superuser's password is at hand
        SkewedClock.of(
                        SharedServers.ofThisBuild().postgres(),
                        database.credentials().name())
                .skew(Duration.ofMinutes(7));
        assertThat(minutesAhead()).isEqualTo(7);
        try (var owner = database.connectAsOwner();
                var row = owner.createStatement()
                        .executeQuery("SELECT proowner::regrole::text FROM pg_proc WHERE oid = 'tap_now'::regproc")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo(database.credentials().ownerUser());
        }
    }

    private static long minutesAhead() {
        // the statement is prepared once: a plan that was made before the clock was set must not outlive it
        return pool.preparedQuery("SELECT round(extract(epoch FROM tap_now() - clock_timestamp()) / 60)::bigint")
                .executeAndAwait()
                .iterator()
                .next()
                .getLong(0);
    }
}
