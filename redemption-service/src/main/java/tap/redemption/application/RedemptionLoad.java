package tap.redemption.application;

import java.util.UUID;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.directory.UserKey;
import tap.eventsourcing.Load;
import tap.redemption.domain.Circumstances;

/**
 * The first statement of a redemption: from a user's id or name to the user's one allowance that is not withdrawn, with the
 * policy and the directory as they are now, and for a short code with a place among the attempts under way.
 */
final class RedemptionLoad {
    // The place is taken on the newest copy of its row, whoever else is at it; the rest is read as of the statement's
    // begin. If that was overtaken, the append finds out. 32 places for 30 s, 10 failures in 10 minutes; a place that
    // nobody gave back in time was a wrong code: docs/security.md.
    private static final String SQL = """
            WITH c AS MATERIALIZED (SELECT tap_now() AS at, tap_user_id($1, $2) AS wanted),
            s AS MATERIALIZED (
              SELECT c.*, (SELECT h.stream_id FROM head h WHERE h.partition_key = c.wanted::text AND NOT h.ended
                ORDER BY h.last_event_at DESC LIMIT 1) AS stream_id FROM c),
            place AS (
              INSERT INTO guessing AS g (key, known, pass_id, wrong, places, failures, touched_at)
              SELECT coalesce(s.wanted::text, $3), s.wanted IS NOT NULL, s.stream_id, 0, ARRAY[s.at], '{}', s.at
                FROM s WHERE $4
              ON CONFLICT (key) DO UPDATE SET touched_at = excluded.touched_at,
                places = tap_places(g.places, excluded.touched_at) || excluded.places,
                failures = tap_failures(g.failures, g.places, excluded.touched_at),
                wrong = g.wrong + tap_lapsed(g.places, excluded.touched_at)
              WHERE cardinality(tap_places(g.places, excluded.touched_at)) <\s""" + Guessing.PLACES + """

                AND cardinality(tap_failures(g.failures, g.places, excluded.touched_at)) < 10
              RETURNING g.key, g.touched_at, g.pass_id, g.wrong)
            SELECT\s""" + Load.COLUMNS + """
            , p.enabled, p.is_usable_once, coalesce(u.active, false) AS active, coalesce(u.targeted, false) AS targeted,
              coalesce(u.fenced, false) OR EXISTS (SELECT FROM parked k WHERE k.partition_key = s.wanted::text
                AND k.topic = 'tap.pass-credentials') AS fenced,
              s.wanted AS user_id, place.key, place.touched_at, place.pass_id, place.wrong
            FROM s LEFT JOIN head USING (stream_id) CROSS JOIN policy_copy p
              LEFT JOIN user_terms u ON u.id = s.wanted LEFT JOIN place ON true""";

    private RedemptionLoad() {}

    /**
     * The load of an attempt.
     *
     * @param user whom the request names
     * @param pseudonym the throttle's key if nobody has that name
     * @param takesPlace whether the attempt needs a place: the first load of a short code
     */
    static Load<Context> of(UserKey user, String pseudonym, boolean takesPlace) {
        return new Load<>(
                SQL,
                Tuple.tuple()
                        .addUUID(user.id())
                        .addString(user.nameKey())
                        .addString(pseudonym)
                        .addBoolean(takesPlace),
                RedemptionLoad::context);
    }

    private static Context context(Row row) {
        String key = row.getString("key");
        return new Context(
                new Circumstances(
                        row.getBoolean("enabled"),
                        row.getBoolean("is_usable_once"),
                        row.getBoolean("active"),
                        row.getBoolean("targeted"),
                        row.getBoolean("fenced")),
                row.getUUID("user_id"),
                key == null
                        ? null
                        : new Place(
                                key,
                                row.getOffsetDateTime("touched_at"),
                                row.getString("pass_id"),
                                row.getInteger("wrong")));
    }

    /**
     * What is loaded beside the allowance.
     *
     * @param circumstances policy and directory
     * @param userId whom the request names, or {@code null}: nobody
     * @param place the place that was taken, or {@code null}: none asked for, or none to be had
     */
    record Context(
            Circumstances circumstances,
            @Nullable UUID userId,
            @Nullable Place place) {}
}
