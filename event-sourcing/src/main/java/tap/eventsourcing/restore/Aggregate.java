package tap.eventsourcing.restore;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Decider;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;

/**
 * How the streams of one aggregate are folded.
 *
 * @param decider its rules
 * @param events how its events are written down
 * @param states how its heads are kept
 * @param <S> states
 * @param <E> events
 */
public record Aggregate<S, E>(Decider<?, S, E, ?> decider, EventCodec<E> events, StateCodec<S> states) {
    private static final String EVENTS_AFTER = """
            SELECT e.stream_id, e.version, e.type, e.payload::text AS payload, e.sealed, e.occurred_at
              FROM unnest($1::text[], $2::bigint[]) w(stream_id, after)
              JOIN event e ON e.stream_id = w.stream_id AND e.version > w.after
             ORDER BY e.stream_id, e.version""";

    /** Whether a row of {@code head} is one that this build can go on from; otherwise the events are folded from the first. */
    boolean reads(Row head) {
        Integer stateVersion = head.getInteger("state_version");
        return stateVersion != null && stateVersion == states.stateVersion();
    }

    /** The state of a row of {@code head}, which this build {@link #reads}. */
    S state(Row head) {
        return states.read(head.getString("state"), sealedPart(head));
    }

    /** As {@link #fold}, written down. */
    Head head(String streamId, @Nullable Row head, List<Row> rows) {
        Folded<S> folded = fold(streamId, head, rows);
        return new Head(
                streamId, folded.version, states.write(folded.state), states.stateVersion(), folded.lastEventAt);
    }

    /** The rows of {@code event} behind these versions, by stream. */
    static Uni<Map<String, List<Row>>> eventsAfter(SqlConnection transaction, Map<String, Long> versions) {
        return transaction
                .preparedQuery(EVENTS_AFTER)
                .execute(Tuple.tuple()
                        .addArrayOfString(versions.keySet().toArray(String[]::new))
                        .addArrayOfLong(versions.values().toArray(Long[]::new)))
                .map(rows -> {
                    Map<String, List<Row>> byStream = new LinkedHashMap<>();
                    rows.forEach(row -> byStream.computeIfAbsent(row.getString("stream_id"), any -> new ArrayList<>())
                            .add(row));
                    return byStream;
                });
    }

    /**
     * The state after more events.
     *
     * @param head the row to go on from, or {@code null}: from the first event
     * @param rows the following rows of {@code event}, in order, at least one
     * @throws RestoreException if one is missing between them
     */
    Folded<S> fold(String streamId, @Nullable Row head, List<Row> rows) {
        S state = head == null ? decider.initial() : state(head);
        long version = head == null ? 0 : head.getLong("version");
        OffsetDateTime at = OffsetDateTime.MIN;
        for (Row row : rows) {
            version++;
            if (row.getLong("version") != version) {
                throw new RestoreException("stream " + streamId + " has version " + row.getLong("version")
                        + " but neither this database nor a topic has version " + version);
            }
            state = decider.evolve(
                    state,
                    events.read(
                            new EventCodec.Written(row.getString("type"), row.getString("payload"), sealedPart(row))));
            at = row.getOffsetDateTime("occurred_at");
        }
        return new Folded<>(streamId, version, state, at);
    }

    private static @Nullable SealedPart sealedPart(Row row) {
        Buffer sealedPart = row.getBuffer("sealed");
        return sealedPart == null ? null : SealedPart.of(sealedPart.getBytes());
    }

    /**
     * A stream's state.
     *
     * @param lastEventAt when its newest event occurred
     */
    record Folded<S>(String streamId, long version, S state, OffsetDateTime lastEventAt) {}

    /**
     * A row of {@code head}.
     *
     * @param lastEventAt when its newest event occurred
     */
    record Head(
            String streamId, long version, StateCodec.Written state, int stateVersion, OffsetDateTime lastEventAt) {}
}
