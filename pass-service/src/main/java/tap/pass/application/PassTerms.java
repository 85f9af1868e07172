package tap.pass.application;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.directory.PolicyTerms;
import tap.directory.TermsColumns;
import tap.directory.UserKey;
import tap.directory.UserTerms;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Load;
import tap.graph.access.AdministratorRole;
import tap.pass.domain.EarlierIssue;
import tap.pass.domain.PassEvent;
import tap.pass.domain.UserReference;
import tap.pass.publishing.StoredPass;

/**
 * What a command about a pass is decided on beside the stream itself, read in the same statement: never older than the decision.
 *
 * @param user the user, or {@code null}: the directory has none
 * @param callerId the directory user whom the caller acts as, or {@code null}
 * @param callerRoles the administrator roles that the directory gives that user
 * @param policy as it is now
 * @param withdrawn whether redemption-service has let go of the pass in question
 * @param passId the pass in question: for a request that can be repeated, the one that was kept for it
 * @param presentPassOver whether the pass that the user has, if any, can never be used again, whatever its end says
 * @param limitedFor how long the caller may issue nothing, or {@code null}
 * @param earlier what the same request has issued before, or {@code null}
 */
record PassTerms(
        @Nullable UserTerms user,
        @Nullable UUID callerId,
        Set<AdministratorRole> callerRoles,
        PolicyTerms policy,
        boolean withdrawn,
        UUID passId,
        boolean presentPassOver,
        @Nullable Duration limitedFor,
        @Nullable EarlierIssue earlier) {
    // OFFSET 0 keeps each function from being asked more than once.
    private static final String SQL =
            "SELECT " + Load.COLUMNS + ", " + TermsColumns.POLICY + ", " + TermsColumns.USER + """
            , k.caller_id, tap_caller_roles(k.caller_id) AS caller_roles, a.withdrawn_at IS NOT NULL AS withdrawn
              FROM (SELECT c.caller_id, CASE WHEN $1 THEN c.caller_id ELSE tap_user_id($2, $3) END AS user_id
                FROM (SELECT tap_caller_id($4, $5, $6) AS caller_id OFFSET 0) c OFFSET 0) k
              CROSS JOIN policy_copy p
              LEFT JOIN user_terms u ON u.id = k.user_id
              CROSS JOIN LATERAL (SELECT u.id::text AS stream_id) s
              LEFT JOIN head ON head.stream_id = s.stream_id
              LEFT JOIN allowance_copy a ON a.pass_id = $7""";

    // The same, and what issuing alone asks.
    private static final String SQL_ISSUE = SQL.replace(" AS withdrawn\n", """
             AS withdrawn, tap_issuing_wait($8) AS limited_for, coalesce(o.refused_at, o.spent_at, o.expired_at, o.locked_at,
              o.withdrawn_at) IS NOT NULL AS present_pass_over
            """)
            + " LEFT JOIN allowance_copy o ON o.pass_id = (head.state -> 'pass' ->> 'passId')::uuid";

    // The same, and keeps the pass's id for the request; of a request that was made before, the id that was kept then.
    private static final String SQL_REPEATABLE =
            SQL_ISSUE.replace(" AS present_pass_over\n", " AS present_pass_over, r.*\n")
                    + " CROSS JOIN LATERAL tap_issue_request($8, u.id, $9, $10, $7) r";

    /** Loads the stream of a user with these terms. */
    static Load<PassTerms> load(UserReference reference, UUID passId) {
        return new Load<>(SQL, parameters(reference, passId), row -> of(row, passId, false, null, null));
    }

    /** Loads the stream of a user with these terms, to issue a pass there. */
    static Load<PassTerms> load(UserReference reference, UUID passId, String actor) {
        return new Load<>(SQL_ISSUE, parameters(reference, passId).addString(actor), row -> toIssue(row, passId, null));
    }

    /** Loads the stream of a user with these terms, for a request to issue that can be repeated. */
    static Load<PassTerms> load(UserReference reference, UUID passId, RepeatableRequest request) {
        return new Load<>(
                SQL_REPEATABLE,
                parameters(reference, passId)
                        .addString(request.caller())
                        .addBuffer(request.keyHash())
                        .addBuffer(request.contentHash()),
                row -> {
                    UUID kept = row.getUUID("kept_pass");
                    return toIssue(row, kept == null ? passId : kept, earlier(row));
                });
    }

    private static Tuple parameters(UserReference reference, UUID passId) {
        UserKey user = reference.namedKey();
        UserKey caller = reference.callerKey();
        return Tuple.tuple()
                .addBoolean(reference.me())
                .addUUID(user.id())
                .addString(user.nameKey())
                .addUUID(caller.id())
                .addString(reference.caller())
                .addString(caller.nameKey())
                .addUUID(passId);
    }

    private static PassTerms toIssue(Row row, UUID passId, @Nullable EarlierIssue earlier) {
        Double seconds = row.getDouble("limited_for");
        Duration limitedFor = seconds == null ? null : Duration.ofMillis((long) (seconds * 1_000));
        return of(row, passId, row.getBoolean("present_pass_over"), limitedFor, earlier);
    }

    private static PassTerms of(
            Row row,
            UUID passId,
            boolean presentPassOver,
            @Nullable Duration limitedFor,
            @Nullable EarlierIssue earlier) {
        return new PassTerms(
                TermsColumns.user(row),
                row.getUUID("caller_id"),
                AdministratorRole.listed(row.getString("caller_roles")),
                TermsColumns.policy(row),
                row.getBoolean("withdrawn"),
                passId,
                presentPassOver,
                limitedFor,
                earlier);
    }

    private static @Nullable EarlierIssue earlier(Row row) {
        String issued = row.getString("issued");
        if (issued == null) {
            return null;
        }
        PassEvent event = StoredPass.EVENTS.read(new EventCodec.Written("pass-issued.v1", issued, null));
        return event instanceof PassEvent.PassIssued before
                ? new EarlierIssue(before.pass(), row.getBoolean("same_content"))
                : null;
    }
}
