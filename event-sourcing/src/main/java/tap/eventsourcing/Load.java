package tap.eventsourcing;

import java.util.function.Function;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;

/**
 * The first of a command's two statements: reads the head, the clock, and whatever else the decision needs, in one row.
 *
 * <p>The statement returns exactly one row that begins with {@link #COLUMNS}: {@code stream_id} is {@code null} if there is no
 * stream to decide on, the columns of {@code head} are {@code null} for a new one. Other columns are the context's. Keep it
 * under 2,048 characters: longer statements are not cached.
 *
 * @param sql the statement
 * @param parameters its parameters
 * @param context reads the other columns
 * @param <X> the context of the decision
 */
public record Load<X>(String sql, Tuple parameters, Function<Row, X> context) {
    /** The columns of {@link #sql} that the library reads, with {@code s(stream_id)} and {@code head} in scope. */
    public static final String COLUMNS =
            "tap_now() AS loaded_at, greatest(tap_now(), head.last_event_at) AS now, s.stream_id, head.version,"
                    + " head.state::text AS state, head.state_version, head.sealed";

    private static final String HEAD =
            "SELECT " + COLUMNS + " FROM (SELECT $1::text AS stream_id) s LEFT JOIN head USING (stream_id)";

    /** Loads a stream's head and nothing else; the context is the empty row itself. */
    public static Load<Row> head(String streamId) {
        return new Load<>(HEAD, Tuple.of(streamId), row -> row);
    }
}
