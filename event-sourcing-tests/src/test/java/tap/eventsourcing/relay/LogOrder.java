package tap.eventsourcing.relay;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.eventsourcing.StoredEvent;

/** In which order a relay reads the log: the product's, and the two that look right and are not (ADR 0004). */
public enum LogOrder {
    /** The product's own. */
    SNAPSHOT,
    /** By {@code seq}: loses what commits late. */
    SEQ,
    /** By {@code (xid, seq)} below the oldest open transaction: reorders streams. */
    XID;

    private static final String AFTER_SEQ =
            "SELECT " + LogReader.COLUMNS + " FROM event WHERE seq > $1 ORDER BY seq LIMIT $2";

    private static final String AFTER_XID = """
            SELECT %s, xid::text AS xid FROM event
             WHERE (xid, seq) > ($1::text::xid8, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())
             ORDER BY event.xid, seq LIMIT $3""".formatted(LogReader.COLUMNS);

    /** A relay that reads in this order. */
    public Relay relay(RelayOptions options, Pool pool, Publication publication, MeterRegistry meters) {
        return this == SNAPSHOT
                ? new Relay(options, pool, publication, meters)
                : new Relay(options, pool, publication, meters, this::read);
    }

    /** Reads in this order. */
    public Uni<LogReader.Batch> read(SqlClient client, LogCursor cursor, int limit) {
        return switch (this) {
            case SNAPSHOT -> LogReader.read(client, cursor, limit);
            case SEQ -> bySeq(client, cursor, limit);
            case XID -> byXid(client, cursor, limit);
        };
    }

    private static Uni<LogReader.Batch> bySeq(SqlClient client, LogCursor cursor, int limit) {
        return client.preparedQuery(AFTER_SEQ)
                .execute(Tuple.of(cursor.lastSeq(), limit))
                .map(rows -> {
                    List<StoredEvent> events = events(rows);
                    long last = events.isEmpty()
                            ? cursor.lastSeq()
                            : events.getLast().seq();
                    return new LogReader.Batch(events, new LogCursor(cursor.previous(), null, last));
                });
    }

    // The last xid is kept where the product keeps a snapshot, as the snapshot that begins and ends with it.
    private static Uni<LogReader.Batch> byXid(SqlClient client, LogCursor cursor, int limit) {
        String last = cursor.previous().substring(0, cursor.previous().indexOf(':'));
        return client.preparedQuery(AFTER_XID)
                .execute(Tuple.of(last, cursor.lastSeq(), limit))
                .map(rows -> {
                    LogCursor next = cursor;
                    for (Row row : rows) {
                        String xid = row.getString("xid");
                        next = new LogCursor(xid + ":" + xid + ":", null, row.getLong("seq"));
                    }
                    return new LogReader.Batch(events(rows), next);
                });
    }

    private static List<StoredEvent> events(RowSet<Row> rows) {
        List<StoredEvent> events = new ArrayList<>(rows.size());
        rows.forEach(row -> events.add(LogReader.event(row, 0)));
        return events;
    }
}
