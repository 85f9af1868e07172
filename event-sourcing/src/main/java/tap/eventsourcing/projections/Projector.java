package tap.eventsourcing.projections;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;
import tap.eventsourcing.Bell;
import tap.eventsourcing.relay.LogCursor;
import tap.eventsourcing.relay.LogReader;

/**
 * Keeps one projection up with the log. Its cursor moves in the transaction of its effect, and the cursor's row is locked
 * meanwhile: of several pods one projects, and another goes on when it ends. Runs on a thread of its own.
 */
public final class Projector implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Projector.class);
    private static final int BATCH = 1_000;
    // Whoever commits wakes the projector of its own pod; this is for what a pod left undone that ended then.
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String REGISTER =
            "INSERT INTO projection_cursor (projection, previous) VALUES ($1, '1:1:') ON CONFLICT DO NOTHING";
    private static final String LOCK = """
            SELECT previous::text AS previous, target::text AS target, coalesce(last_seq, 0) AS last_seq
              FROM projection_cursor WHERE projection = $1 FOR UPDATE SKIP LOCKED""";
    private static final String MOVE = """
            UPDATE projection_cursor
               SET previous = $2::text::pg_snapshot, target = $3::text::pg_snapshot, last_seq = $4 WHERE projection = $1""";

    private final String name;
    private final Pool pool;
    private final Projection projection;
    private final Counter projected;
    private final Bell bell = new Bell();
    private final Thread thread;
    private volatile long atEnd = System.nanoTime();
    private volatile boolean closed;
    private boolean registered;

    /** @param name the projection's, for its cursor; stable for life */
    public Projector(String name, Pool pool, Projection projection, MeterRegistry meters) {
        this.name = name;
        this.pool = pool;
        this.projection = projection;
        this.thread = Thread.ofPlatform().daemon().name("projector-" + name).unstarted(this::run);
        this.projected = Counter.builder("tap.projection.applied")
                .baseUnit("events")
                .tag("projection", name)
                .description("Events that the projection has taken in")
                .register(meters);
        TimeGauge.builder(
                        "tap.projection.lag.time",
                        this,
                        TimeUnit.SECONDS,
                        projector -> projector.lag().toMillis() / 1000.0)
                .tag("projection", name)
                .description("Time since the projection was last seen at the end of the log")
                .register(meters);
    }

    /** Starts the projector's thread; returns at once. */
    public void start() {
        thread.start();
    }

    /** Says that events were committed in this process. */
    public void wake() {
        bell.ring();
    }

    /** Time since the projection was last seen at the end of the log, by this pod or another. */
    public Duration lag() {
        return Duration.ofNanos(System.nanoTime() - atEnd);
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
        try {
            if (thread.isAlive() && !thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
            }
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                bell.await(work());
            }
        } catch (InterruptedException closing) {
            LOG.debugf("projection %s ends", name);
        }
    }

    // How long to wait afterwards.
    private Duration work() {
        try {
            if (!registered) {
                await(pool.preparedQuery(REGISTER).execute(Tuple.of(name)));
                registered = true;
            }
            boolean more = true;
            while (more && !closed) {
                more = await(pool.withTransaction(this::batch));
            }
            return IDLE;
        } catch (RuntimeException failure) {
            LOG.warnf("projection %s: tried again in %s after %s", name, AFTER_FAILURE, failure);
            return AFTER_FAILURE;
        }
    }

    // A cursor of a new projection is behind every event; one that another pod has locked is that pod's to move.
    // What a crash takes back it takes back whole, cursor and effect, and it is projected again: no commit waits for
    // it.
    private Uni<Boolean> batch(SqlConnection transaction) {
        return transaction
                .query(LogReader.SET_LOCAL_PLANS + "; SET LOCAL synchronous_commit = off")
                .execute()
                .flatMap(set -> transaction.preparedQuery(LOCK).execute(Tuple.of(name)))
                .flatMap(rows -> {
                    for (Row row : rows) {
                        return apply(
                                transaction,
                                new LogCursor(
                                        row.getString("previous"), row.getString("target"), row.getLong("last_seq")));
                    }
                    atEnd = System.nanoTime();
                    return Uni.createFrom().item(false);
                });
    }

    private Uni<Boolean> apply(SqlConnection transaction, LogCursor cursor) {
        return LogReader.read(transaction, cursor, BATCH).flatMap(batch -> {
            if (batch.events().isEmpty() && !batch.more() && cursor.target() == null) {
                atEnd = System.nanoTime();
                // the cursor stays: moving it for nothing would write a row ten times a second
                return Uni.createFrom().item(false);
            }
            LogCursor next = batch.next();
            Uni<Void> applied = batch.events().isEmpty()
                    ? Uni.createFrom().voidItem()
                    : projection.apply(transaction, batch.events());
            return applied.flatMap(done -> transaction
                            .preparedQuery(MOVE)
                            .execute(Tuple.of(name, next.previous(), next.target(), next.lastSeq())))
                    .map(moved -> {
                        projected.increment(batch.events().size());
                        if (!batch.more()) {
                            atEnd = System.nanoTime();
                        }
                        return batch.more();
                    });
        });
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
