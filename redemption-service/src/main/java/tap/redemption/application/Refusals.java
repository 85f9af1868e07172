package tap.redemption.application;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;

/**
 * The last refusals of each user, for administrators. A request only notes why it was refused; what was noted is written once a
 * second, so that no refusal costs more than another and no answer waits for it. Of names that nobody has nothing is kept.
 */
public final class Refusals {
    /** How many of a user are kept, the newest. */
    public static final int KEPT = 20;

    /** How many may wait to be written; more are dropped, so that no flood becomes one of the database. */
    static final int MOST_WAITING = 1_000;

    /** The reason of an attempt that was not looked at. Of these only the newest is kept: they would push out all others. */
    static final String THROTTLED = "throttled";

    private static final String INSERT = """
            INSERT INTO refusal (user_id, at, reason, pass_id, client_id, request_id)
            SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::text[], $6::uuid[])""";

    private static final String TRIM = """
            DELETE FROM refusal WHERE id IN (SELECT id FROM (SELECT id, replaced,
                row_number() OVER (PARTITION BY user_id, replaced ORDER BY at DESC, id DESC) AS nth
              FROM (SELECT id, user_id, at, reason = '%s'
                    AND row_number() OVER (PARTITION BY user_id, reason ORDER BY at DESC, id DESC) > 1 AS replaced
                FROM refusal WHERE user_id = ANY ($1)) r) n
            WHERE replaced OR nth > %d)""".formatted(THROTTLED, KEPT);

    private static final String FORGET = "DELETE FROM refusal WHERE at < tap_now() - interval '30 days'";

    private static final String NEWEST = "SELECT at, reason, pass_id, client_id, request_id FROM refusal"
            + " WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT " + KEPT;

    private final Pool pool;
    private Map<UUID, Deque<Refusal>> waiting = new LinkedHashMap<>();
    private int howMany;

    /** @param pool the service's */
    public Refusals(Pool pool) {
        this.pool = pool;
    }

    /**
     * Notes a refusal, to be written soon.
     *
     * @return whether there was room
     */
    synchronized boolean note(UUID userId, Refusal refusal) {
        Deque<Refusal> ofUser = waiting.computeIfAbsent(userId, unseen -> new ArrayDeque<>());
        if (refusal.reason().equals(THROTTLED)) {
            howMany -= removeThrottled(ofUser);
        } else if (ofUser.size() == KEPT) {
            ofUser.removeFirst();
            howMany--;
        }
        if (howMany >= MOST_WAITING) {
            if (ofUser.isEmpty()) {
                waiting.remove(userId);
            }
            return false;
        }
        ofUser.addLast(refusal);
        howMany++;
        return true;
    }

    private static int removeThrottled(Deque<Refusal> ofUser) {
        int before = ofUser.size();
        ofUser.removeIf(earlier -> earlier.reason().equals(THROTTLED));
        return before - ofUser.size();
    }

    /** Writes what was noted, and deletes what is too much; what could not be written is noted again. */
    public Uni<Void> write() {
        return Uni.createFrom().deferred(() -> {
            Map<UUID, Deque<Refusal>> noted = takeAll();
            if (noted.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            // at once, so that nobody reads more than is kept
            return pool.withTransaction(transaction -> insert(transaction, noted)
                            .chain(() -> transaction
                                    .preparedQuery(TRIM)
                                    .execute(Tuple.tuple()
                                            .addValue(noted.keySet().toArray(UUID[]::new)))))
                    .onFailure()
                    .invoke(failure -> noted.forEach((user, refusals) -> refusals.forEach(one -> note(user, one))))
                    .replaceWithVoid();
        });
    }

    private synchronized Map<UUID, Deque<Refusal>> takeAll() {
        Map<UUID, Deque<Refusal>> taken = waiting;
        waiting = new LinkedHashMap<>();
        howMany = 0;
        return taken;
    }

    private static Uni<?> insert(SqlConnection transaction, Map<UUID, Deque<Refusal>> noted) {
        List<UUID> users = new ArrayList<>();
        List<Refusal> refusals = new ArrayList<>();
        noted.forEach((user, ofUser) -> ofUser.forEach(refusal -> {
            users.add(user);
            refusals.add(refusal);
        }));
        return transaction
                .preparedQuery(INSERT)
                .execute(Tuple.tuple()
                        .addValue(users.toArray(UUID[]::new))
                        .addValue(column(refusals, one -> one.at().atOffset(ZoneOffset.UTC))
                                .toArray(OffsetDateTime[]::new))
                        .addValue(column(refusals, Refusal::reason).toArray(String[]::new))
                        .addValue(column(refusals, Refusal::passId).toArray(UUID[]::new))
                        .addValue(column(refusals, Refusal::clientId).toArray(String[]::new))
                        .addValue(column(refusals, Refusal::requestId).toArray(UUID[]::new)));
    }

    private static <T extends @org.jspecify.annotations.Nullable Object> Collection<T> column(
            List<Refusal> refusals, Function<Refusal, T> member) {
        return refusals.stream().map(member).toList();
    }

    /** Forgets what is older than 30 days. */
    public Uni<Void> forget() {
        return pool.query(FORGET).execute().replaceWithVoid();
    }

    /** The newest refusals of a user, the newest first; those of the last second may be missing. */
    public Uni<List<Refusal>> newest(UUID userId) {
        return pool.preparedQuery(NEWEST).execute(Tuple.of(userId)).map(rows -> {
            List<Refusal> refusals = new ArrayList<>();
            for (Row row : rows) {
                refusals.add(new Refusal(
                        row.getOffsetDateTime("at").toInstant(),
                        row.getString("reason"),
                        row.getUUID("pass_id"),
                        row.getString("client_id"),
                        row.getUUID("request_id")));
            }
            return refusals;
        });
    }
}
