package tap.pass.application;

import java.time.Duration;
import java.time.OffsetDateTime;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Recurring;
import tap.pass.domain.PassRejection;

/**
 * How many passes one administrator may issue in a while: a stolen token must not mint any number of them unnoticed. The database counts, in the
 * statement that appends ({@code V131__issuing_limit.sql}); here is what is around it: the limit as configured, and that somebody is told.
 */
public final class IssuingLimit implements AutoCloseable {
    /** The part of the limit from which the log names the administrator, and an alarm is raised. */
    static final double MUCH = 0.2;

    private static final Logger LOG = Logger.getLogger(IssuingLimit.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final String LIMIT_REACHED = "TAP29";

    private static final String STATE = """
            UPDATE issuing_limit SET most = $1, period = $2::bigint * interval '1 millisecond'
             WHERE (most, period) IS DISTINCT FROM ($1, $2::bigint * interval '1 millisecond')""";

    private static final String BUSIEST = """
            SELECT coalesce(max(i.passes)::double precision / l.most, 0) AS busiest
              FROM issuing_limit l LEFT JOIN issuing i ON tap_now() < i.since + l.period GROUP BY l.most""";

    // Of all pods one is given the row, and says it.
    private static final String TELL = """
            UPDATE issuing i SET told = w.told FROM (
              SELECT b.actor, CASE WHEN b.passes >= l.most THEN 2 ELSE 1 END AS told, l.most FROM issuing b, issuing_limit l
               WHERE tap_now() < b.since + l.period AND b.passes >= l.most * $1::double precision) w
             WHERE i.actor = w.actor AND i.told < w.told RETURNING i.actor, i.passes, i.since, w.most AS busiest_may""";

    private final Pool pool;
    private final long most;
    private final Duration window;
    private final Counter refusals;
    private volatile double busiest;
    private @Nullable Recurring looking;

    IssuingLimit(PassServiceConfig.Issuing config, Pool pool, MeterRegistry meters) {
        requirePositive(config);
        this.pool = pool;
        this.most = config.limit();
        this.window = config.window();
        this.refusals = Counter.builder("tap.issuing.refused")
                .description("Passes that were not issued because their administrator had issued so many")
                .register(meters);
        Gauge.builder("tap.issuing.busiest", this, limit -> limit.busiest)
                .baseUnit("ratio")
                .description("How much of the limit the administrator who issues most has used, 0 to 1")
                .register(meters);
    }

    /** Refuses a limit that nobody could issue under; the message names the key. */
    static void requirePositive(PassServiceConfig.Issuing config) {
        if (config.limit() < 1) {
            throw new IllegalArgumentException("tap.issuing.limit must be at least 1, not " + config.limit());
        }
        if (config.window().toMillis() < 1) {
            throw new IllegalArgumentException("tap.issuing.window must be positive, not " + config.window());
        }
    }

    /** States the limit for the whole deployment; blocks. Then looks every few seconds, in the background. */
    void start() {
        pool.preparedQuery(STATE)
                .execute(Tuple.of(most, window.toMillis()))
                .await()
                .atMost(Duration.ofSeconds(10));
        looking = new Recurring("the look at who issues how much", EVERY, this::look);
    }

    /** Whether the store refused an append because its administrator has issued so many. */
    static boolean refuses(Throwable failure) {
        return failure instanceof PgException answer && LIMIT_REACHED.equals(answer.getSqlState());
    }

    /** What {@link #refuses} means. */
    static PassRejection reached(Throwable failure) {
        String seconds = failure instanceof PgException answer ? answer.getDetail() : null;
        return new PassRejection.IssuingLimitReached(
                Duration.ofMillis(seconds == null ? 1_000 : (long) (Double.parseDouble(seconds) * 1_000)));
    }

    /** Counts a refusal. */
    void refused() {
        refusals.increment();
    }

    private Uni<Void> look() {
        return pool.preparedQuery(TELL)
                .execute(Tuple.of(MUCH))
                .invoke(rows -> rows.forEach(IssuingLimit::tell))
                .chain(() -> pool.preparedQuery(BUSIEST).execute())
                .invoke(rows -> rows.forEach(row -> busiest = row.getDouble("busiest")))
                .replaceWithVoid();
    }

    private static void tell(Row row) {
        OffsetDateTime since = row.getOffsetDateTime("since");
        LOG.warnf(
                "issuing: administrator %s has issued %d passes since %s, and may issue %d",
                row.getString("actor"), row.getLong("passes"), since.toInstant(), row.getLong("busiest_may"));
    }

    @Override
    public void close() {
        Recurring begun = looking;
        if (begun != null) {
            begun.close();
        }
    }
}
