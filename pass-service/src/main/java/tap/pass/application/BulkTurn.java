package tap.pass.application;

import java.time.Duration;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Recurring;

/**
 * An administrator's turn to issue many passes: one at a time over all pods. It lasts while the pod says so, and its reader reads: whoever takes no
 * line for a minute holds up nobody else, and finds the stream broken off when reading on.
 */
final class BulkTurn {
    private static final Logger LOG = Logger.getLogger(BulkTurn.class);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(5);

    private static final String RENEW = """
            UPDATE bulk_turn SET until = tap_now() + interval '15 seconds'
             WHERE caller = $1 AND run = $2 AND until > tap_now()""";

    private static final String END = "DELETE FROM bulk_turn WHERE caller = $1 AND run = $2";

    private final Pool pool;
    private final Tuple whose;
    private final ReaderPace reader;
    private volatile boolean held = true;
    private @Nullable Recurring renewing;

    BulkTurn(Pool pool, String caller, UUID run, ReaderPace reader) {
        this.pool = pool;
        this.whose = Tuple.of(caller, run);
        this.reader = reader;
    }

    /** Begins to keep it. */
    void keep() {
        renewing = new Recurring("the turn of a bulk", RENEW_EVERY, this::renew);
    }

    /** Whether it is still this one's turn, as far as is known here. */
    boolean held() {
        return held;
    }

    private Uni<Void> renew() {
        if (reader.stalled()) {
            held = false;
            return end();
        }
        return pool.preparedQuery(RENEW)
                .execute(whose)
                .invoke(renewed -> held = held && renewed.rowCount() == 1)
                .replaceWithVoid();
    }

    /** Lets the next one begin; never fails. */
    Uni<Void> end() {
        Recurring begun = renewing;
        if (begun != null) {
            begun.close();
        }
        return pool.preparedQuery(END)
                .execute(whose)
                .onFailure()
                .invoke(failure -> LOG.warnf("the turn of a bulk lapses by itself: %s", failure.getMessage()))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
