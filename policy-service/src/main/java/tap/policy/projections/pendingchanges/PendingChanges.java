package tap.policy.projections.pendingchanges;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.confirmation.Confirmation;
import tap.eventsourcing.confirmation.Pending;

/** Clears away what every follower has passed, and counts what is left. */
public final class PendingChanges {
    // The first look counts, and no later one: under load the end moves on as fast as the followers do. A companion
    // topic that
    // came with a newer build has no end of what was published before.
    private static final String REACH = """
            UPDATE pending_change p SET ends_at = coalesce((c.ends ->> p.place)::bigint, 0)
              FROM relay_cursor c
             WHERE p.ends_at IS NULL AND (pg_visible_in_snapshot(p.xid, c.previous)
               OR (pg_visible_in_snapshot(p.xid, c.target) AND p.seq <= c.last_seq))""";

    private static final String CLEAR = """
            DELETE FROM pending_change p USING unnest($1::text[], $2::bigint[]) f(place, passed)
             WHERE p.place = f.place AND p.ends_at <= f.passed""";

    private static final String COUNT = """
            SELECT count(DISTINCT event_id) AS count,
              extract(epoch FROM tap_now() - min(since))::float8 AS seconds FROM pending_change""";

    private final Pool pool;
    private final Confirmation confirmation;

    /** @param confirmation knows how far the followers are */
    public PendingChanges(Pool pool, Confirmation confirmation) {
        this.pool = pool;
        this.confirmation = confirmation;
    }

    /** Clears away what every follower has passed. */
    public Uni<Void> clear() {
        return pool.query(REACH).execute().flatMap(reached -> {
            List<String> places = new ArrayList<>();
            List<Long> passed = new ArrayList<>();
            confirmation.passed().forEach((place, next) -> {
                places.add(place);
                passed.add(next);
            });
            return pool.preparedQuery(CLEAR)
                    .execute(Tuple.tuple()
                            .addArrayOfString(places.toArray(String[]::new))
                            .addArrayOfLong(passed.toArray(Long[]::new)))
                    .replaceWithVoid();
        });
    }

    /** How much is pending now. */
    public Uni<Pending> look() {
        return clear().flatMap(cleared -> pool.query(COUNT).execute())
                .map(rows -> Pending.of(rows.iterator().next()));
    }
}
