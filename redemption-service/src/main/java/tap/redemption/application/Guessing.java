package tap.redemption.application;

import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.redemption.domain.Pass;

/**
 * The throttle of guessing short codes. An attempt takes a place when it is loaded ({@link RedemptionLoad}) and settles it here:
 * returned if it was a redemption, turned into one failure if it was anything else, a right code that may not be used included,
 * so that a throttle betrays nothing. A place that nobody settles within 30 s, because its pod or the
 * database went away, counts as a wrong code against the user's pass: no fault gives guesses away.
 */
public final class Guessing {
    /** Wrong codes against one open pass that lock it (NIST SP 800-63B-4 §3.2.2 allows at most 100). */
    public static final int WRONG_CODES_THAT_LOCK = 10;

    /** Attempts at a user that may be under way at once. */
    static final int PLACES = 32;

    /** The most keys of names that nobody has; the oldest go first. */
    public static final int MOST_UNKNOWN = 100_000;

    // A place that is no longer there has lapsed, and was counted then; or a pass was issued anew since, and what was
    // guessed at the old one is forgiven.
    private static final String SETTLE = """
            UPDATE guessing SET places = tap_without_one(places, $2),
              failures = CASE WHEN $3 AND $2 = ANY (places)
                THEN tap_since(failures, tap_now() - interval '10 min') || tap_now() ELSE failures END,
              wrong = wrong + CASE WHEN pass_id = $4 AND $2 = ANY (places) THEN 1 ELSE 0 END,
              touched_at = greatest(touched_at, tap_now())
            WHERE key = $1 RETURNING CASE WHEN pass_id = $4 THEN wrong ELSE 0 END AS wrong""";

    private static final String CLEAR = """
            INSERT INTO guessing AS g (key, known, pass_id, wrong, places, failures, touched_at)
            VALUES ($1, true, $2, 0, '{}', '{}', tap_now())
            ON CONFLICT (key) DO UPDATE SET known = true, pass_id = excluded.pass_id, wrong = 0, failures = '{}', places = '{}'""";

    // What was tried against the pass stays: a lock is final, and whoever clears waits may not give guesses away.
    private static final String CLEAR_WAITS = """
            UPDATE guessing SET failures = '{}', places = tap_places(places, tap_now()),
              wrong = wrong + tap_lapsed(places, tap_now()) WHERE key = $1""";

    private static final String FORGET = """
            DELETE FROM guessing g WHERE g.touched_at < tap_now() - interval '11 min'
              AND (NOT g.known OR NOT EXISTS (SELECT FROM head h WHERE h.partition_key = g.key AND NOT h.ended))
              OR g.key IN (SELECT key FROM guessing WHERE NOT known ORDER BY touched_at DESC OFFSET $1)""";

    private final Pool pool;

    /** @param pool the service's */
    public Guessing(Pool pool) {
        this.pool = pool;
    }

    /** Gives a place back: nothing was guessed. */
    Uni<Void> giveBack(Place place) {
        return settle(place, false, null).replaceWithVoid();
    }

    /**
     * Turns a place into a failure.
     *
     * @param passId the pass whose code it was not, or {@code null} if no open pass was guessed at
     * @return how many wrong codes that pass has had with this one, or 0
     */
    Uni<Integer> fail(Place place, @Nullable String passId) {
        return settle(place, true, passId);
    }

    private Uni<Integer> settle(Place place, boolean failed, @Nullable String passId) {
        return pool.preparedQuery(SETTLE)
                .execute(Tuple.of(place.key(), place.takenAt(), failed, passId))
                .map(rows -> {
                    for (Row row : rows) {
                        return row.getInteger("wrong");
                    }
                    return 0;
                });
    }

    /** Clears what was guessed at the user before: a pass was issued anew. In the transaction of its admission. */
    public Uni<Void> clear(SqlConnection transaction, Pass pass) {
        return transaction
                .preparedQuery(CLEAR)
                .execute(Tuple.of(pass.userId().toString(), pass.passId().toString()))
                .replaceWithVoid();
    }

    /**
     * Lets the user try again at once. Neither a lock nor the wrong codes that count towards one are taken back: only a new pass
     * begins anew.
     */
    public Uni<Void> clearWaits(UUID userId) {
        return pool.preparedQuery(CLEAR_WAITS)
                .execute(Tuple.of(userId.toString()))
                .replaceWithVoid();
    }

    /** Forgets keys that nothing is held against any more, and the oldest of too many unknown ones. */
    public Uni<Void> forget() {
        return pool.preparedQuery(FORGET).execute(Tuple.of(MOST_UNKNOWN)).replaceWithVoid();
    }
}
