package tap.eventsourcing.followers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.topics.CloudEventRecords;

/** The rows of one followed topic: {@code follower_offset}, {@code received} and {@code parked}. */
final class Offsets {
    // ON CONFLICT alone would wait for a frozen pod whose transaction has moved the row.
    private static final String ENSURE = """
            INSERT INTO follower_offset (topic, topic_id, partition, next_offset)
            SELECT $1, $2, p, 0 FROM unnest($3::int[]) p
             WHERE NOT EXISTS (SELECT FROM follower_offset o WHERE o.topic = $1 AND o.partition = p)
            ON CONFLICT DO NOTHING""";

    private static final String STORED =
            "SELECT partition, topic_id, next_offset, replays, caught_up FROM follower_offset WHERE topic = $1";

    private static final String LOCK =
            "SELECT replays FROM follower_offset WHERE topic = $1 AND partition = $2 FOR UPDATE";

    // A chunk whose statement began before this commits finds the row changed, and so that what it looked up is out of
    // date.
    private static final String REPLAY = """
            UPDATE follower_offset SET replays = replays + 1 WHERE topic = $1 AND partition = $2 RETURNING next_offset""";

    private static final String MOVE = """
            UPDATE follower_offset SET next_offset = $5
             WHERE topic = $1 AND topic_id = $2 AND partition = $3 AND next_offset = $4 AND replays = $6""";

    // Moves the offset by compare-and-set, and looks up what the sequence rules need, in one statement: one round trip
    // a chunk.
    private static final String MOVE_AND_LOOK = """
            WITH moved AS (
              UPDATE follower_offset SET next_offset = $5
               WHERE topic = $1 AND topic_id = $2 AND partition = $3 AND next_offset = $4 AND replays = $6
              RETURNING 1)
            SELECT (SELECT count(*) FROM moved) AS moved,
              coalesce((SELECT r.version FROM received r WHERE r.source = m.source AND r.stream_id = m.stream_id
                         ORDER BY r.version DESC LIMIT 1), 0) AS latest,
              (SELECT r.event_id FROM received r WHERE r.source = m.source AND r.stream_id = m.stream_id
                  AND r.version = m.version) AS known,
              EXISTS (SELECT FROM parked p WHERE p.source = m.source AND p.stream_id = m.stream_id) AS parked
             FROM unnest($7::text[], $8::text[], $9::bigint[]) WITH ORDINALITY m(source, stream_id, version, place)
             ORDER BY m.place""";

    private static final String LOOK = """
            SELECT coalesce((SELECT max(version) FROM received WHERE source = $1 AND stream_id = $2), 0) AS latest,
              (SELECT event_id FROM received WHERE source = $1 AND stream_id = $2 AND version = $3) AS known""";

    private static final String RECEIVE = """
            INSERT INTO received (source, stream_id, version, event_id, payload)
            SELECT m.source, m.stream_id, m.version, m.event_id, m.payload::json
             FROM unnest($1::text[], $2::text[], $3::bigint[], $4::uuid[], $5::text[])
               m(source, stream_id, version, event_id, payload)""";

    private static final String PARK = """
            INSERT INTO parked
              (source, stream_id, version, event_id, partition_key, type, topic, partition, "offset", reason)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (source, stream_id, version, event_id)
              DO UPDATE SET "offset" = excluded."offset", partition = excluded.partition""";

    private static final String CAUGHT_UP = "UPDATE follower_offset SET caught_up = true WHERE topic = $1";

    private final String topic;

    /** The rows of a topic, named without prefix. */
    Offsets(String topic) {
        this.topic = topic;
    }

    /** Makes the rows of partitions that were never followed; they begin at 0. */
    Uni<Void> ensure(SqlClient client, String topicId, Collection<Integer> partitions) {
        return client.preparedQuery(ENSURE)
                .execute(Tuple.tuple()
                        .addString(topic)
                        .addString(topicId)
                        .addArrayOfInteger(partitions.toArray(Integer[]::new)))
                .replaceWithVoid();
    }

    /** All rows, by partition. */
    Uni<Map<Integer, Stored>> stored(SqlClient client) {
        return client.preparedQuery(STORED).execute(Tuple.of(topic)).map(rows -> {
            Map<Integer, Stored> stored = new HashMap<>();
            for (Row row : rows) {
                stored.put(
                        row.getInteger("partition"),
                        new Stored(
                                row.getString("topic_id"),
                                row.getLong("next_offset"),
                                row.getLong("replays"),
                                row.getBoolean("caught_up")));
            }
            return stored;
        });
    }

    /** Remembers that the copy was complete once. */
    Uni<Void> caughtUp(SqlClient client) {
        return client.preparedQuery(CAUGHT_UP).execute(Tuple.of(topic)).replaceWithVoid();
    }

    /** Waits for the partition's row, and says how often messages of it were replayed: what is looked up next is up to date. */
    Uni<Long> lock(SqlConnection transaction, int partition) {
        return transaction
                .preparedQuery(LOCK)
                .execute(Tuple.of(topic, partition))
                .map(rows -> onlyRow(rows).getLong("replays"));
    }

    /** Takes the partition's row for the replay of a parked message, and returns the next offset to be applied. */
    Uni<Long> replay(SqlConnection transaction, int partition) {
        return transaction
                .preparedQuery(REPLAY)
                .execute(Tuple.of(topic, partition))
                .map(rows -> onlyRow(rows).getLong("next_offset"));
    }

    private static Row onlyRow(RowSet<Row> rows) {
        for (Row row : rows) {
            return row;
        }
        throw new OffsetMoved();
    }

    /** Moves an offset; fails with {@link OffsetMoved} if it is not where it was. */
    Uni<Void> move(SqlConnection transaction, Step step) {
        return transaction
                .preparedQuery(MOVE)
                .execute(Tuple.of(topic, step.topicId, step.partition, step.from, step.to, step.replays))
                .invoke(rows -> {
                    if (rows.rowCount() != 1) {
                        throw new OffsetMoved();
                    }
                })
                .replaceWithVoid();
    }

    /** Moves an offset as {@link #move}, and says of each message what is known of its stream, as of before the first of them. */
    Uni<List<Seen>> moveAndLook(SqlConnection transaction, Step step, List<Message> messages) {
        Tuple parameters = Tuple.of(topic, step.topicId, step.partition, step.from, step.to, step.replays)
                .addArrayOfString(messages.stream().map(Message::source).toArray(String[]::new))
                .addArrayOfString(messages.stream().map(Message::streamId).toArray(String[]::new))
                .addArrayOfLong(messages.stream().map(Message::version).toArray(Long[]::new));
        return transaction.preparedQuery(MOVE_AND_LOOK).execute(parameters).map(rows -> {
            List<Seen> seen = new ArrayList<>(rows.size());
            for (Row row : rows) {
                if (row.getLong("moved") != 1) {
                    throw new OffsetMoved();
                }
                seen.add(new Seen(row.getLong("latest"), row.getUUID("known"), row.getBoolean("parked")));
            }
            return seen;
        });
    }

    /** What is known of a message's stream now, whatever of it is parked; the partition's row is locked. */
    Uni<Seen> look(SqlConnection transaction, Message message) {
        return transaction
                .preparedQuery(LOOK)
                .execute(Tuple.of(message.source(), message.streamId(), message.version()))
                .map(rows -> {
                    Row row = onlyRow(rows);
                    return new Seen(row.getLong("latest"), row.getUUID("known"), false);
                });
    }

    /** Writes messages down as received; fails with {@link NotApplicable} if a payload is not JSON. */
    Uni<Void> receive(SqlConnection transaction, List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(RECEIVE)
                .execute(Tuple.tuple()
                        .addArrayOfString(messages.stream().map(Message::source).toArray(String[]::new))
                        .addArrayOfString(
                                messages.stream().map(Message::streamId).toArray(String[]::new))
                        .addArrayOfLong(messages.stream().map(Message::version).toArray(Long[]::new))
                        .addArrayOfUUID(messages.stream().map(Message::eventId).toArray(UUID[]::new))
                        .addArrayOfString(
                                messages.stream().map(Message::payload).toArray(String[]::new)))
                .onFailure(Offsets::isMalformed)
                .transform(failure -> new NotApplicable("its payload is not JSON: " + failure.getMessage(), failure))
                .replaceWithVoid();
    }

    /** Parks a message; parking it again changes nothing. */
    Uni<Void> park(SqlConnection transaction, Message message, String reason) {
        return transaction
                .preparedQuery(PARK)
                .execute(Tuple.tuple()
                        .addString(message.source())
                        .addString(message.streamId())
                        .addLong(message.version())
                        .addUUID(message.eventId())
                        .addString(message.partitionKey())
                        .addString(CloudEventRecords.isUnreadable(message) ? null : message.type())
                        .addString(message.topic())
                        .addInteger(message.partition())
                        .addLong(message.offset())
                        .addString(reason))
                .replaceWithVoid();
    }

    // Class 22 of PostgreSQL's error codes (appendix A): data exceptions.
    private static boolean isMalformed(Throwable failure) {
        return failure instanceof PgException answer
                && answer.getSqlState() != null
                && answer.getSqlState().startsWith("22");
    }

    /**
     * A move of one partition's offset.
     *
     * @param replays how often messages of the partition had been replayed when the offset was read
     */
    record Step(String topicId, int partition, long from, long to, long replays) {
        Step after(long newerReplays) {
            return new Step(topicId, partition, from, to, newerReplays);
        }
    }

    /** A stored offset. */
    record Stored(String topicId, long next, long replays, boolean caughtUp) {}

    /**
     * What is known of a message's stream.
     *
     * @param latest the highest version received, 0 if none
     * @param known the id of the event received at the message's version, if any
     * @param parked whether messages of the stream are parked
     */
    record Seen(long latest, @Nullable UUID known, boolean parked) {}

    /** Another pod moved the offset, or an operator did, or had a message replayed: what is in hand is not to be applied as it is. */
    static final class OffsetMoved extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OffsetMoved() {
            super("the offset is not where it was", null, false, false);
        }
    }
}
