package tap.endtoend.torture;

import tap.endtoend.torture.invariants.Service;

import static tap.endtoend.torture.invariants.Service.PASS;
import static tap.endtoend.torture.invariants.Service.POLICY;
import static tap.endtoend.torture.invariants.Service.REDEMPTION;

/**
 * What a broken product would leave behind: a statement in a service's database, about a use {@code :jti} of a pass {@code :pass} of a
 * user {@code :user}, or about any of {@code :users}; and the promise that is broken then.
 */
enum Tampering {
    LOST_USE(REDEMPTION, "every acknowledged command is in the store", """
            DELETE FROM event WHERE event_id = ':jti'"""),
    LOST_PASS(PASS, "every acknowledged command is in the store", """
            DELETE FROM event WHERE payload ->> 'passId' = ':pass'"""),
    LOST_USER(POLICY, "every acknowledged command is in the store", """
            DELETE FROM event WHERE stream_id = ':user' AND type = 'user-changed.v1'"""),
    LOST_POLICY(POLICY, "every acknowledged command is in the store", """
            DELETE FROM event WHERE type = 'policy-configured.v1'"""),
    PUBLISHED_AND_LOST(REDEMPTION, "store and topics are equal", """
            DELETE FROM event WHERE stream_id = ':pass' AND version > 1"""),
    NEVER_PUBLISHED(REDEMPTION, "store and topics are equal", again()),
    GAP(REDEMPTION, "store and topics are equal", """
            UPDATE event SET version = version + 1 WHERE stream_id = ':pass' AND version > 1
              AND version = (SELECT max(version) FROM event WHERE stream_id = ':pass')"""),
    ANOTHER_PAYLOAD(PASS, "store and topics are equal", """
            UPDATE event SET payload = (payload::text || ' ')::json WHERE payload ->> 'passId' = ':pass'"""),
    ANOTHER_VERIFIER(PASS, "store and topics are equal", """
            UPDATE event SET sealed = '\\x00' WHERE sealed IS NOT NULL AND payload ->> 'passId' = ':pass'"""),
    ANOTHER_STATE(REDEMPTION, "every head is the fold of its stream", """
            UPDATE head SET state = state || '{"uses": 99}' WHERE stream_id = ':pass'"""),
    HEAD_BEHIND(REDEMPTION, "every head is the fold of its stream", """
            UPDATE head SET version = version - 1 WHERE stream_id = ':pass'"""),
    HEAD_ENDED(PASS, "every head is the fold of its stream", """
            UPDATE head SET ended = NOT ended WHERE stream_id = ':user'"""),
    NO_HEAD(POLICY, "every head is the fold of its stream", """
            DELETE FROM head WHERE stream_id = ':user'"""),
    OLD_POLICY(PASS, "copies are equal to their sources", """
            UPDATE policy_copy SET default_length = default_length + 1"""),
    OLD_REVISION(REDEMPTION, "copies are equal to their sources", """
            UPDATE policy_copy SET revision = revision - 1"""),
    UNKNOWN_USERS(PASS, "copies are equal to their sources", """
            DELETE FROM user_copy WHERE id::text IN (:users)"""),
    OTHER_NAMES(REDEMPTION, "copies are equal to their sources", """
            UPDATE directory_name SET name_key = name_key || 'x' WHERE user_id::text IN (:users)"""),
    ANOTHER_COUNT(PASS, "copies are equal to their sources", """
            UPDATE allowance_copy SET uses = uses + 1 WHERE pass_id = ':pass'"""),
    NEVER_RECEIVED(PASS, "copies are equal to their sources", """
            DELETE FROM received WHERE event_id = ':jti'"""),
    OPEN_FOR_EVER(REDEMPTION, "copies are equal to their sources", """
            INSERT INTO open_allowance (pass_id, ends_at)
            SELECT stream_id, now() FROM head WHERE partition_key IN (:users) AND state ->> 'is' <> 'Open'"""),
    NEVER_ADMITTED(REDEMPTION, "redemption-service knows the passes that were issued, and no other", """
            DELETE FROM event WHERE stream_id = ':pass'"""),
    ADMITTED_ON_OTHER_TERMS(REDEMPTION, "redemption-service knows the passes that were issued, and no other", """
            UPDATE event SET payload = (payload::jsonb || '{"endsAt": "2100-01-01T00:00:00Z"}')::json
             WHERE stream_id = ':pass' AND version = 1"""),
    NEVER_ISSUED(PASS, "redemption-service knows the passes that were issued, and no other", """
            DELETE FROM event WHERE payload ->> 'passId' = ':pass'"""),
    NEVER_WITHDRAWN(REDEMPTION, "redemption-service knows the passes that were issued, and no other", """
            DELETE FROM event WHERE type = 'pass-withdrawn.v1' AND partition_key IN (:users)"""),
    PARKED(PASS, "nothing is parked, nobody is fenced", """
            INSERT INTO parked (source, stream_id, version, event_id, partition_key, topic, partition, "offset", reason)
            VALUES ('redemption-service', ':pass', 1, ':jti', ':user', 'tap.redemptions', 0, 0, 'broken for a test')"""),
    USED_ONCE_MORE(REDEMPTION, "no pass is used more often than it allows", again());

    private final Service where;
    private final String promise;
    private final String sql;

    Tampering(Service where, String promise, String sql) {
        this.where = where;
        this.promise = promise;
        this.sql = sql;
    }

    Service where() {
        return where;
    }

    /** The promise that is broken then, as its invariant names it. */
    String promise() {
        return promise;
    }

    String sql() {
        return sql;
    }

    // A use that nobody was told of, behind whatever there is.
    private static String again() {
        return """
                INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor, correlation_id, payload)
                SELECT stream_id, version + (SELECT count(*) FROM event WHERE stream_id = ':pass'), gen_random_uuid(), type,
                  partition_key, occurred_at, actor, correlation_id, payload FROM event WHERE event_id = ':jti'""";
    }
}
