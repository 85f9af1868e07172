package tap.eventsourcing.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;

/**
 * Reads the log in an order in which nothing is lost and every stream is in order, although sequence numbers commit in any
 * order: by snapshot windows. Whoever reads runs {@link #SET_PLANS} on the connection first.
 */
public final class LogReader {
    /**
     * For a simple query: plans are made once and kept. A window is mostly empty, and to plan it each time costs three times what it
     * takes to read it; but a generic plan expects a third of the log in it, and would read all of it, start workers or compile.
     */
    static final String SET_PLANS = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off;"
            + " SET max_parallel_workers_per_gather = 0; SET jit = off";

    /** As {@link #SET_PLANS}, until the transaction ends. */
    public static final String SET_LOCAL_PLANS = SET_PLANS.replace("SET ", "SET LOCAL ");

    static final String COLUMNS =
            "seq, event_id, stream_id, version, type, partition_key, occurred_at, actor, correlation_id, causation_id,"
                    + " payload::text AS payload, sealed";

    // xid >= xmax(previous) or one of those that were open then; never >= xmin(previous), which rescans everything
    // since the oldest open transaction of the cluster. The outer join brings the new snapshot for an empty window too.
    // By seq + 0, so that no plan can walk the log in the order of seq in search of the few rows of a window; and by
    // place (ctid, which is an event's for good), so that of a window of a million rows only the page's are taken
    // apart.
    private static final String FIRST_PAGE = """
            WITH n AS (
              SELECT seq, ctid FROM event WHERE xid >= pg_snapshot_xmax($1::text::pg_snapshot)
              UNION ALL
              SELECT seq, ctid FROM event WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::text::pg_snapshot))))
            SELECT s.snap, e.* FROM (SELECT pg_current_snapshot()::text AS snap) s
              LEFT JOIN (SELECT %s FROM event
                WHERE ctid = ANY (ARRAY(SELECT ctid FROM n ORDER BY seq + 0 LIMIT $2))) e ON true ORDER BY e.seq""".formatted(COLUMNS);

    private static final String NEXT_PAGE = """
            SELECT %s FROM event
             WHERE seq > $1 AND NOT pg_visible_in_snapshot(xid, $2::text::pg_snapshot)
               AND pg_visible_in_snapshot(xid, $3::text::pg_snapshot) ORDER BY seq LIMIT $4""".formatted(COLUMNS);

    // Ordered by the column: a bare "xid" would be the text of the result, in which 99 is the newest for long.
    private static final String NEWS = """
            SELECT pg_current_snapshot()::text, (SELECT xid::text FROM event ORDER BY event.xid DESC LIMIT 1)""";

    private LogReader() {}

    /**
     * Looks, for a fifth of what a read costs, whether there is anything to read.
     *
     * @param cursor between windows
     * @return the cursor moved to the present snapshot if nothing was appended since; else empty, or if transactions were
     *     open then that may have appended
     */
    static Uni<Optional<LogCursor>> nothingSince(SqlClient client, LogCursor cursor) {
        return client.preparedQuery(NEWS).execute().map(rows -> {
            Row row = rows.iterator().next();
            return Optional.of(LogCursor.at(row.getString(0))).filter(now -> cursor.hasAll(row.getString(1)));
        });
    }

    /** Reads the next events after a cursor. */
    public static Uni<Batch> read(SqlClient client, LogCursor cursor, int limit) {
        String target = cursor.target();
        if (target == null) {
            return client.preparedQuery(FIRST_PAGE)
                    .execute(Tuple.of(cursor.previous(), limit))
                    .map(rows -> {
                        List<StoredEvent> events = new ArrayList<>(rows.size());
                        String snapshot = cursor.previous();
                        for (Row row : rows) {
                            snapshot = row.getString(0);
                            if (row.getLong(1) != null) {
                                events.add(event(row, 1));
                            }
                        }
                        return batch(cursor, snapshot, limit, events);
                    });
        }
        return client.preparedQuery(NEXT_PAGE)
                .execute(Tuple.of(cursor.lastSeq(), cursor.previous(), target, limit))
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(event(row, 0)));
                    return batch(cursor, target, limit, events);
                });
    }

    private static Batch batch(LogCursor cursor, String snapshot, int limit, List<StoredEvent> events) {
        long last = events.isEmpty() ? 0 : events.getLast().seq();
        return new Batch(events, cursor.after(snapshot, limit, events.size(), last));
    }

    /** Events that one transaction wrote, in order, whoever asks. */
    public static Uni<List<StoredEvent>> ofTransaction(SqlClient client, String xid) {
        return client.preparedQuery("SELECT " + COLUMNS + " FROM event WHERE xid = $1::text::xid8 ORDER BY seq")
                .execute(Tuple.of(xid))
                .map(rows -> {
                    List<StoredEvent> events = new ArrayList<>(rows.size());
                    rows.forEach(row -> events.add(event(row, 0)));
                    return events;
                });
    }

    // By position: looking twelve names up in each of a backlog's rows costs more than reading them.
    static StoredEvent event(Row row, int first) {
        Buffer sealedPart = row.getBuffer(first + 11);
        return new StoredEvent(
                row.getLong(first),
                row.getUUID(first + 1),
                row.getString(first + 2),
                row.getLong(first + 3),
                row.getString(first + 5),
                row.getOffsetDateTime(first + 6).toInstant(),
                new Metadata(row.getString(first + 7), row.getString(first + 8), row.getString(first + 9)),
                new EventCodec.Written(
                        row.getString(first + 4),
                        row.getString(first + 10),
                        sealedPart == null ? null : SealedPart.of(sealedPart.getBytes())));
    }

    /**
     * Events in order.
     *
     * @param events none if the log has nothing new
     * @param next the cursor when they are done
     */
    public record Batch(List<StoredEvent> events, LogCursor next) {
        /** Whether more is known to follow. */
        public boolean more() {
            return next.target() != null;
        }
    }
}
