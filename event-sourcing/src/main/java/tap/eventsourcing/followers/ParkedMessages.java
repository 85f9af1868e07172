package tap.eventsourcing.followers;

import java.util.ArrayList;
import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.followers.ParkedMessage.ParkedStream;

/** The table {@code parked}, as a replay sees it. Its rows are the fence: with the last of a key, the key's fence is gone. */
final class ParkedMessages {
    private static final int AT_ONCE = 100;

    // Records that could not be read come first: they may be what is missing in a stream.
    private static final String STREAMS = """
            SELECT source, stream_id FROM parked
             WHERE $1::text IS NULL OR stream_id = $1 OR partition_key = $1
             GROUP BY source, stream_id ORDER BY bool_or(type IS NULL) DESC, min(parked_at)""";

    private static final String NEXT = """
            SELECT source, stream_id, version, event_id, partition_key, topic, partition, "offset" FROM parked
             WHERE source = $1 AND stream_id = $2 ORDER BY version, topic, partition, "offset" LIMIT\s""" + AT_ONCE;

    private static final String REMOVE =
            "DELETE FROM parked WHERE source = $1 AND stream_id = $2 AND version = $3 AND event_id = $4";

    private static final String STATE = """
            SELECT count(*) AS messages, coalesce(extract(epoch FROM tap_now() - min(parked_at)), 0)::float8 AS seconds
             FROM parked""";

    private ParkedMessages() {}

    /**
     * The streams that are parked.
     *
     * @param wanted a stream, or a key whose streams are meant; null for all
     */
    static Uni<List<ParkedStream>> streams(SqlClient client, @Nullable String wanted) {
        return client.preparedQuery(STREAMS).execute(Tuple.of(wanted)).map(rows -> {
            List<ParkedStream> streams = new ArrayList<>(rows.size());
            for (Row row : rows) {
                streams.add(new ParkedStream(row.getString("source"), row.getString("stream_id")));
            }
            return streams;
        });
    }

    /** The first messages of a parked stream, by version; at most 100. */
    static Uni<List<ParkedMessage>> next(SqlClient client, ParkedStream stream) {
        return client.preparedQuery(NEXT)
                .execute(Tuple.of(stream.source(), stream.streamId()))
                .map(rows -> {
                    List<ParkedMessage> messages = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        messages.add(new ParkedMessage(
                                row.getString("source"),
                                row.getString("stream_id"),
                                row.getLong("version"),
                                row.getUUID("event_id"),
                                row.getString("partition_key"),
                                row.getString("topic"),
                                row.getInteger("partition"),
                                row.getLong("offset")));
                    }
                    return messages;
                });
    }

    /** Removes a message; false if it was not parked any longer. */
    static Uni<Boolean> remove(SqlConnection transaction, ParkedMessage parked) {
        return transaction
                .preparedQuery(REMOVE)
                .execute(Tuple.of(parked.source(), parked.streamId(), parked.version(), parked.eventId()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** How many there are, and how old the oldest is. */
    static Uni<State> state(SqlClient client) {
        return client.preparedQuery(STATE).execute().map(rows -> {
            Row row = rows.iterator().next();
            return new State(row.getLong("messages"), row.getDouble("seconds"));
        });
    }

    /**
     * What is parked now.
     *
     * @param messages how many
     * @param seconds age of the oldest, 0 if there is none
     */
    record State(long messages, double seconds) {}
}
