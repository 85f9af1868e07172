package tap.eventsourcing.relay;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.common.TopicPartition;

/** Who publishes, and how far: the rows {@code relay_lease} and {@code relay_cursor}, the second guarded by the first's epoch. */
final class Lease {
    // A lease that ends later than any could was written under another clock: it is as good as over. Nobody publishes
    // before
    // the witness has found the running PostgreSQL complete: the cursor's ends would move past what this database
    // lacks.
    private static final String TAKE = """
            UPDATE relay_lease SET holder = $1, until = tap_now() + $2::float8 * interval '1 second',
              epoch = CASE WHEN holder = $1 THEN epoch ELSE epoch + 1 END
             WHERE (holder = $1 OR until < tap_now() OR until > tap_now() + 2 * $2::float8 * interval '1 second')
               AND EXISTS (SELECT FROM witness WHERE run = pg_postmaster_start_time())
            RETURNING epoch""";

    private static final String RELEASE =
            "UPDATE relay_lease SET until = '-infinity', holder = 'nobody' WHERE holder = $1";

    private static final String HOLDER = "SELECT holder FROM relay_lease";

    private static final String ADOPT = """
            UPDATE relay_cursor SET epoch = $1 WHERE epoch <= $1
            RETURNING previous::text AS previous, target::text AS target, coalesce(last_seq, 0) AS last_seq""";

    private static final String MOVE = """
            UPDATE relay_cursor SET previous = $2::text::pg_snapshot, target = $3::text::pg_snapshot, last_seq = $4,
              ends = ends || $5::text::jsonb
             WHERE epoch = $1 AND (SELECT epoch FROM relay_lease) = $1""";

    private final String holder;
    private final double seconds;

    /** A lease for one holder, unique to its process. */
    Lease(String holder, Duration duration) {
        this.holder = holder;
        this.seconds = duration.toMillis() / 1000.0;
    }

    /** This one's name in the row. */
    String ownHolder() {
        return holder;
    }

    /** Takes or renews the lease; its epoch, or empty if another pod has it. */
    Uni<OptionalLong> take(SqlConnection connection) {
        return connection.preparedQuery(TAKE).execute(Tuple.of(holder, seconds)).map(rows -> {
            for (Row row : rows) {
                return OptionalLong.of(row.getLong("epoch"));
            }
            return OptionalLong.empty();
        });
    }

    /** Who had it last, {@code pod/run}. */
    Uni<String> holder(SqlConnection connection) {
        return connection
                .query(HOLDER)
                .execute()
                .map(rows -> rows.iterator().next().getString("holder"));
    }

    /** Gives the lease back, if it is held. */
    Uni<Void> release(SqlConnection connection) {
        return connection.preparedQuery(RELEASE).execute(Tuple.of(holder)).replaceWithVoid();
    }

    /** Makes the cursor this epoch's, which fences every earlier holder, and reads it. */
    Uni<LogCursor> adopt(SqlConnection connection, long epoch) {
        return connection.preparedQuery(ADOPT).execute(Tuple.of(epoch)).map(rows -> {
            for (Row row : rows) {
                return new LogCursor(row.getString("previous"), row.getString("target"), row.getLong("last_seq"));
            }
            throw new IllegalStateException("the relay's cursor belongs to a later epoch than " + epoch);
        });
    }

    /**
     * Moves the cursor, if this epoch still holds.
     *
     * @param ends the end offsets that publishing has reached
     * @return false if another pod took over
     */
    Uni<Boolean> move(
            SqlConnection connection, long epoch, LogCursor next, Map<TopicPartition, Long> ends, String prefix) {
        return connection
                .preparedQuery(MOVE)
                .execute(Tuple.of(epoch, next.previous(), next.target(), next.lastSeq(), json(ends, prefix)))
                .map(rows -> rows.rowCount() == 1);
    }

    private static String json(Map<TopicPartition, Long> ends, String prefix) {
        Map<String, Object> named = new TreeMap<>();
        ends.forEach((partition, end) ->
                named.put(partition.topic().substring(prefix.length()) + "/" + partition.partition(), end));
        return new JsonObject(named).encode();
    }
}
