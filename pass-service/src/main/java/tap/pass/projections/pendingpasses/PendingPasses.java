package tap.pass.projections.pendingpasses;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import tap.eventsourcing.confirmation.Pending;

/** Counts what is pending, after it has cleared away what is not any more. */
public final class PendingPasses {
    private static final String CLEAR = """
            DELETE FROM pending_pass p USING allowance_copy a
             WHERE a.pass_id = p.pass_id AND tap_answered(a, p.awaited)""";

    private static final String COUNT = """
            SELECT count(*) AS count, extract(epoch FROM tap_now() - min(since))::float8 AS seconds
              FROM pending_passes""";

    private final Pool pool;

    /** @param pool the service's */
    public PendingPasses(Pool pool) {
        this.pool = pool;
    }

    /** How much is pending now. */
    public Uni<Pending> look() {
        return pool.query(CLEAR)
                .execute()
                .flatMap(cleared -> pool.query(COUNT).execute())
                .map(rows -> Pending.of(rows.iterator().next()));
    }
}
