package tap.testkit.infrastructure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
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
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    // Without the texts, which lie in a file: read in a fraction of the time.
    private static final String CALLS = """
            SELECT queryid, sum(calls)::bigint AS calls FROM pg_stat_statements(false)
             WHERE toplevel AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND userid = ?::regrole::oid GROUP BY queryid""";
    private static final String OPEN = """
            SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = ? AND xact_start IS NOT NULL""";
    private static final String TEXTS = "SELECT DISTINCT queryid, query FROM pg_stat_statements";

    private final Connection superuser;
    private final String serviceUser;
    private final Map<Long, String> texts = new HashMap<>();
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

    private Map<String, Long> calls() throws SQLException {
        return settled(this::read, this::open, PATIENCE);
    }

    /** How often each statement ran until now, as the server knows it at the moment of the call. */
    @FunctionalInterface
    interface Reading {
        Map<String, Long> read() throws SQLException;
    }

    /** How many transactions of the service are open at the moment of the call. */
    @FunctionalInterface
    interface OpenTransactions {
        long count() throws SQLException;
    }

    /**
     * Reads until no transaction is open, for a projection's BEGIN would be seen without what tells whose it is. The view is
     * read entry by entry while the server counts on; two readings with the same brackets show that none was counted in between.
     * That as many were ended as begun says nothing: the end of a session ends a transaction too.
     */
    static Map<String, Long> settled(Reading reading, OpenTransactions open, Duration patience) throws SQLException {
        long giveUp = System.nanoTime() + patience.toNanos();
        Map<String, Long> before = reading.read();
        while (true) {
            boolean quiet = open.count() == 0;
            Map<String, Long> calls = reading.read();
            if (quiet && brackets(before).equals(brackets(calls))) {
                return calls;
            }
            if (System.nanoTime() > giveUp) {
                throw new IllegalStateException("no moment without an open transaction within " + patience);
            }
            before = calls;
        }
    }

    private static List<Long> brackets(Map<String, Long> calls) {
        return List.of(
                sum(calls, "BEGIN"::equals),
                sum(calls, "COMMIT"::equals),
                sum(calls, "ROLLBACK"::equals),
                sum(calls, OF_PROJECTION));
    }

    private long open() throws SQLException {
        try (PreparedStatement query = superuser.prepareStatement(OPEN)) {
            query.setString(1, serviceUser);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private Map<String, Long> read() throws SQLException {
        Map<Long, Long> counted = new HashMap<>();
        try (PreparedStatement query = superuser.prepareStatement(CALLS)) {
            query.setString(1, serviceUser);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    counted.put(rows.getLong(1), rows.getLong(2));
                }
            }
        }
        if (!texts.keySet().containsAll(counted.keySet())) {
            readTexts();
        }
        Map<String, Long> calls = new TreeMap<>();
        counted.forEach((id, times) -> calls.merge(texts.getOrDefault(id, "?"), times, Long::sum));
        return calls;
    }

    private void readTexts() throws SQLException {
        try (PreparedStatement query = superuser.prepareStatement(TEXTS);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                texts.put(rows.getLong(1), rows.getString(2));
            }
        }
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
