package tap.redemption.application;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.Load;
import tap.redemption.domain.TokenStanding;

/**
 * The one statement that tells how a token stands: from its user to the allowance that issued it, unless that was withdrawn, with what
 * was done about the token since, and what the directory says of the user.
 */
final class TokenLoad {
    // A stream is read from its end to the redemption of the token: what happened within the token's lifetime, however
    // long the stream. No row of a head that has ended is looked at, because withdrawn is withdrawn.
    private static final String SQL = """
            WITH s AS MATERIALIZED (
              SELECT max(h.stream_id) AS stream_id, max(e.version) AS issued FROM head h
                CROSS JOIN LATERAL (SELECT e.version FROM event e WHERE e.stream_id = h.stream_id AND e.event_id = $2
                  AND e.type = 'pass-redeemed.v1' ORDER BY e.version DESC LIMIT 1) e
               WHERE h.partition_key = $1 AND NOT h.ended)
            SELECT\s""" + Load.COLUMNS + """
            , s.issued, EXISTS (SELECT FROM event r WHERE r.stream_id = s.stream_id AND r.version > s.issued
                AND r.type = 'token-revoked.v1' AND r.payload->>'jti' = $2::text) AS revoked,
              EXISTS (SELECT FROM user_copy u WHERE u.id = $1::uuid AND u.active) AS active,
              EXISTS (SELECT FROM parked k WHERE k.partition_key = $1
                AND k.topic IN ('tap.pass-credentials', 'tap.directory')) AS fenced,
              EXISTS (SELECT FROM witness WHERE run = pg_postmaster_start_time()) AS witnessed
            FROM s LEFT JOIN head USING (stream_id)""";

    private TokenLoad() {}

    /** The load of a token. */
    static Load<Context> of(TokenClaims token) {
        return new Load<>(
                SQL, Tuple.tuple().addString(token.userId().toString()).addUUID(token.id()), TokenLoad::context);
    }

    static Context context(Row row) {
        return new Context(
                row.getLong("issued") == null
                        ? TokenStanding.UNKNOWN
                        : row.getBoolean("revoked") ? TokenStanding.REVOKED : TokenStanding.ISSUED,
                row.getBoolean("active"),
                row.getBoolean("fenced"),
                row.getBoolean("witnessed"));
    }

    /**
     * What is loaded beside the allowance.
     *
     * @param standing what the log says of the token
     * @param userActive whether the user exists and is active
     * @param fenced whether a message about the user or their passes could not be applied: the pass may be withdrawn
     * @param witnessed whether this database was found complete since it was started: else it may have forgotten a revocation
     */
    record Context(TokenStanding standing, boolean userActive, boolean fenced, boolean witnessed) {}
}
