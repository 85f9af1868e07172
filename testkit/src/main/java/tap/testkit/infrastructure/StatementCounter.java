package tap.testkit.infrastructure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Counts the statements that PostgreSQL executed for a service's role in one database, by {@code pg_stat_statements}: what the
 * server did, over all connections and pods, transaction control included, with the text of each statement. (A proxy that
 * counts Execute messages would have to be told which connection is whose; the server's log would have to be parsed.)
 */
public final class StatementCounter implements AutoCloseable {
    // What a service polls in the background, whatever its requests do.
    private static final Predicate<String> OF_BACKGROUND = Pattern.compile(
                    "relay_lease|relay_cursor|projection_cursor|pg_current_snapshot|AS newest|caught_up|pending_pass|pending_change|unpark_request|AS busiest|min\\(parked_at\\)|^SET ")
            .asPredicate();
    // Each batch of a projection is a transaction of its own, and begins so.
    private static final Predicate<String> OF_PROJECTION = Pattern.compile(
                    "FROM projection_cursor .*FOR UPDATE", Pattern.DOTALL)
            .asPredicate();
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String CALLS = """
            SELECT query, sum(calls)::bigint AS calls FROM pg_stat_statements
             WHERE toplevel AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND userid = ?::regrole::oid GROUP BY query""";

    private final Connection superuser;
    private final String serviceUser;
    private Map<String, Long> before;

    private StatementCounter(Connection superuser, String serviceUser) throws SQLException {
        this.superuser = superuser;
        this.serviceUser = serviceUser;
        try (var statement = superuser.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        }
        this.before = calls();
    }

    /** Counts from now on. */
    public static StatementCounter of(TestDatabase database) {
        try {
            return new StatementCounter(
                    database.connectAsSuperuser(), database.credentials().serviceUser());
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Counts from now on, whatever was before. */
    public void restart() {
        try {
            before = calls();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The statements since the start and how often each ran, without what relay and projections do in the background. */
    public Map<String, Long> statements() {
        try {
            Map<String, Long> since = new TreeMap<>(calls());
            since.replaceAll((statement, calls) -> calls - before.getOrDefault(statement, 0L));
            long projecting = sum(since, OF_PROJECTION);
            since.keySet().removeIf(OF_BACKGROUND);
            for (String bracket : List.of("BEGIN", "COMMIT")) {
                since.computeIfPresent(bracket, (statement, calls) -> calls - projecting);
            }
            since.values().removeIf(calls -> calls <= 0);
            return since;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** How many statements ran since the start. */
    public long total() {
        return statements().values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        try {
            superuser.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    // Counted while no transaction is open: a projection's BEGIN would be seen without what tells whose it is.
    private Map<String, Long> calls() throws SQLException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Map<String, Long> calls = read();
        while (sum(calls, "BEGIN"::equals) != sum(calls, "COMMIT"::equals) + sum(calls, "ROLLBACK"::equals)
                && System.nanoTime() < giveUp) {
            calls = read();
        }
        return calls;
    }

    private Map<String, Long> read() throws SQLException {
        Map<String, Long> calls = new TreeMap<>();
        try (PreparedStatement query = superuser.prepareStatement(CALLS)) {
            query.setString(1, serviceUser);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    calls.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return calls;
    }

    private static long sum(Map<String, Long> calls, Predicate<String> statements) {
        return calls.entrySet().stream()
                .filter(entry -> statements.test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static IllegalStateException failed(SQLException e) {
        return new IllegalStateException("statements cannot be counted", e);
    }
}
