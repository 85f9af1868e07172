package tap.testkit.faults;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Callable;

import tap.localstack.infrastructure.PostgresProcess;
import tap.testkit.infrastructure.TestDatabase;

/**
 * The clock of one service's database, which tests set: replaces {@code tap_now()}, which all SQL asks, as the role that owns it
 * (design: only the fault kit, as that role). Statements that start afterwards see the new time. One instance a database; closing it
 * sets the clock right.
 */
public final class SkewedClock implements AutoCloseable {
    private final String name;
    private final Callable<Connection> asOwner;
    private Duration ahead = Duration.ZERO;

    private SkewedClock(String name, Callable<Connection> asOwner) {
        this.name = name;
        this.asOwner = asOwner;
    }

    /** The clock of a test's database. */
    public static SkewedClock of(TestDatabase database) {
        return new SkewedClock(database.credentials().name(), database::connectAsOwner);
    }

    /** The clock of a service's database on a running stack's PostgreSQL. */
    public static SkewedClock of(PostgresProcess postgres, String database) {
        return new SkewedClock(database, () -> {
            Connection connection = postgres.connect(database);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET ROLE " + database + "_owner");
            }
            return connection;
        });
    }

    /** From now on it is wrong by so much: ahead of the true time, or behind it if negative. */
    public void skew(Duration aheadOfTrue) {
        set(aheadOfTrue);
    }

    /** It jumps, as when it is corrected: from what it shows now, back if negative. */
    public void step(Duration by) {
        set(ahead.plus(by));
    }

    /**
     * So much time has passed, as when a pass's end is waited for.
     *
     * @throws IllegalArgumentException if negative: time does not go back
     */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not pass backwards: " + by);
        }
        step(by);
    }

    /** It shows the true time again. */
    public void toTrue() {
        set(Duration.ZERO);
    }

    /** Sets it right. */
    @Override
    public void close() {
        toTrue();
    }

    private void set(Duration aheadOfTrue) {
        String now = aheadOfTrue.isZero()
                ? "clock_timestamp()"
                : "clock_timestamp() + interval ''" + aheadOfTrue.toNanos() / 1_000 + " microseconds''";
        try (Connection owner = asOwner.call();
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "CREATE OR REPLACE FUNCTION tap_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE"
                            + " AS 'SELECT " + now + "'");
            ahead = aheadOfTrue;
        } catch (SQLException e) {
            throw new IllegalStateException("the clock of " + name + " cannot be set", e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
