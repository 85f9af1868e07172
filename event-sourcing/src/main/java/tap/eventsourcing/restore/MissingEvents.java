package tap.eventsourcing.restore;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Message;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Publication;

/**
 * Writes published events into the log, where they are missing, and moves the heads with them: batch by batch, each in a
 * transaction, so that an interrupted replay goes on where it was. Blocks its thread.
 */
final class MissingEvents {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String INSERT = """
            INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor, correlation_id,
              causation_id, payload, sealed)
            SELECT r.stream_id, r.version, r.event_id, r.type, r.partition_key, r.at, r.actor, r.correlation_id,
              r.causation_id, r.payload::json, r.sealed
            FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
              $8::text[], $9::text[], $10::text[], $11::bytea[]) WITH ORDINALITY
              r(stream_id, version, event_id, type, partition_key, at, actor, correlation_id, causation_id, payload,
                sealed, place)
            ORDER BY r.place ON CONFLICT (stream_id, version) DO NOTHING
            RETURNING stream_id, version, event_id, type, xid::text AS xid""";

    private static final String FORK = """
            SELECT r.stream_id, r.version FROM unnest($1::text[], $2::bigint[], $3::uuid[]) r(stream_id, version, event_id)
              JOIN event e ON e.stream_id = r.stream_id AND e.version = r.version
             WHERE e.event_id <> r.event_id LIMIT 1""";

    private static final String HEADS = """
            SELECT stream_id, version, state::text AS state, state_version, sealed FROM head
             WHERE stream_id = ANY ($1::text[])""";

    private static final String WRITE_HEADS = """
            INSERT INTO head (stream_id, version, partition_key, ended, state, state_version, sealed, last_event_at)
            SELECT h.stream_id, h.version, h.partition_key, h.ended, h.state::jsonb, h.state_version, h.sealed, h.at
              FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bool[], $5::text[], $6::int[], $7::bytea[],
                $8::timestamptz[]) h(stream_id, version, partition_key, ended, state, state_version, sealed, at)
            ON CONFLICT (stream_id) DO UPDATE SET version = excluded.version, partition_key = excluded.partition_key,
              ended = excluded.ended, state = excluded.state, state_version = excluded.state_version,
              sealed = excluded.sealed, last_event_at = excluded.last_event_at""";

    private final Pool pool;
    private final Publication publication;
    private final Function<String, Aggregate<?, ?>> aggregates;
    private final Function<Message, @Nullable SealedPart> sealedParts;
    private final Set<Long> transactions = new HashSet<>();
    private final Map<UUID, Long> onOneTopicOnly = new HashMap<>();
    private final Set<String> streams = new HashSet<>();
    private long events;

    /**
     * @param aggregates the aggregate of a stream, by the stored type of any of its events
     * @param sealedParts the sealed part that an event is stored with, by its record
     */
    MissingEvents(
            Pool pool,
            Publication publication,
            Function<String, Aggregate<?, ?>> aggregates,
            Function<Message, @Nullable SealedPart> sealedParts) {
        this.pool = pool;
        this.publication = publication;
        this.aggregates = aggregates;
        this.sealedParts = sealedParts;
    }

    /** Takes in what is missing of a batch, each stream in its order; fails with {@link RestoreException} on a fork or gap. */
    void take(List<Message> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Set<UUID> inserted = new HashSet<>();
        List<Row> rows = pool.withTransaction(transaction -> insert(transaction, batch)
                        .flatMap(all -> heads(transaction, all).replaceWith(all)))
                .await()
                .atMost(PATIENCE);
        rows.forEach(row -> inserted.add(row.getUUID("event_id")));
        for (Row row : rows) {
            transactions.add(Long.valueOf(row.getString("xid")));
            streams.add(row.getString("stream_id"));
        }
        events += rows.size();
        Long transaction = rows.isEmpty() ? null : Long.valueOf(rows.getFirst().getString("xid"));
        for (Message message : batch) {
            if (!inserted.contains(message.eventId())) {
                onOneTopicOnly.remove(message.eventId());
            } else if (publication.records(stored(message)).size() > 1) {
                onOneTopicOnly.put(message.eventId(), Objects.requireNonNull(transaction));
            }
        }
    }

    /**
     * The transactions that wrote only what every topic has that it belongs to. What a relay had brought to one of two topics
     * when it ended must be published again.
     */
    Set<Long> published() {
        Set<Long> published = new HashSet<>(transactions);
        published.removeAll(onOneTopicOnly.values());
        return published;
    }

    /** The streams that got events. */
    Set<String> streams() {
        return Set.copyOf(streams);
    }

    /** How many events were missing. */
    long events() {
        return events;
    }

    private Uni<List<Row>> insert(SqlConnection transaction, List<Message> batch) {
        Tuple places = Tuple.tuple()
                .addArrayOfString(strings(batch, Message::streamId))
                .addArrayOfLong(batch.stream().map(Message::version).toArray(Long[]::new))
                .addArrayOfUUID(batch.stream().map(Message::eventId).toArray(UUID[]::new));
        return transaction
                .preparedQuery(INSERT)
                .execute(parameters(batch))
                .flatMap(inserted -> transaction
                        .preparedQuery(FORK)
                        .execute(places)
                        .invoke(MissingEvents::refuseFork)
                        .replaceWith(list(inserted)));
    }

    private static void refuseFork(RowSet<Row> forks) {
        for (Row row : forks) {
            throw new RestoreException("fork: stream " + row.getString("stream_id") + " has another event at version "
                    + row.getLong("version")
                    + " here than on its topic. Two databases have taken appends; an operator has to"
                    + " decide which past is the true one");
        }
    }

    private Uni<Void> heads(SqlConnection transaction, List<Row> inserted) {
        Map<String, Long> first = new LinkedHashMap<>();
        Map<String, Aggregate<?, ?>> ofStreams = new HashMap<>();
        inserted.forEach(row -> {
            first.merge(row.getString("stream_id"), row.getLong("version"), Math::min);
            ofStreams.computeIfAbsent(row.getString("stream_id"), stream -> aggregates.apply(row.getString("type")));
        });
        if (first.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return transaction
                .preparedQuery(HEADS)
                .execute(Tuple.tuple().addArrayOfString(first.keySet().toArray(String[]::new)))
                .flatMap(rows -> {
                    Map<String, Row> heads = new HashMap<>();
                    for (Row row : rows) {
                        String stream = row.getString("stream_id");
                        // a head beyond what its log had is no fold of it
                        if (row.getLong("version") < Objects.requireNonNull(first.get(stream))
                                && of(ofStreams, stream).reads(row)) {
                            heads.put(stream, row);
                        }
                    }
                    return fold(transaction, ofStreams, heads);
                });
    }

    private Uni<Void> fold(SqlConnection transaction, Map<String, Aggregate<?, ?>> ofStreams, Map<String, Row> heads) {
        Map<String, Long> after = new LinkedHashMap<>();
        ofStreams.keySet().forEach(stream -> {
            Row head = heads.get(stream);
            after.put(stream, head == null ? 0 : head.getLong("version"));
        });
        return Aggregate.eventsAfter(transaction, after)
                .flatMap(byStream -> {
                    List<Aggregate.Head> folded = byStream.entrySet().stream()
                            .map(entry -> of(ofStreams, entry.getKey())
                                    .head(entry.getKey(), heads.get(entry.getKey()), entry.getValue()))
                            .toList();
                    return transaction.preparedQuery(WRITE_HEADS).execute(parametersOf(folded));
                })
                .replaceWithVoid();
    }

    private static Aggregate<?, ?> of(Map<String, Aggregate<?, ?>> ofStreams, String stream) {
        return Objects.requireNonNull(ofStreams.get(stream));
    }

    private Tuple parameters(List<Message> batch) {
        return Tuple.tuple()
                .addArrayOfString(strings(batch, Message::streamId))
                .addArrayOfLong(batch.stream().map(Message::version).toArray(Long[]::new))
                .addArrayOfUUID(batch.stream().map(Message::eventId).toArray(UUID[]::new))
                .addArrayOfString(strings(batch, Message::type))
                .addArrayOfString(strings(batch, Message::partitionKey))
                .addArrayOfOffsetDateTime(batch.stream()
                        .map(message -> message.occurredAt().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new))
                .addArrayOfString(strings(batch, message -> message.metadata().actor()))
                .addArrayOfString(strings(batch, message -> message.metadata().correlationId()))
                .addArrayOfString(strings(batch, message -> message.metadata().causationId()))
                .addArrayOfString(strings(batch, Message::payload))
                .addValue(buffers(batch.stream().map(sealedParts)));
    }

    private static Tuple parametersOf(List<Aggregate.Head> heads) {
        return Tuple.tuple()
                .addArrayOfString(strings(heads, Aggregate.Head::streamId))
                .addArrayOfLong(heads.stream().map(Aggregate.Head::version).toArray(Long[]::new))
                .addArrayOfString(strings(heads, head -> head.state().partitionKey()))
                .addArrayOfBoolean(
                        heads.stream().map(head -> head.state().ended()).toArray(Boolean[]::new))
                .addArrayOfString(strings(heads, head -> head.state().json()))
                .addArrayOfInteger(
                        heads.stream().map(Aggregate.Head::stateVersion).toArray(Integer[]::new))
                .addValue(buffers(heads.stream().map(head -> head.state().sealed())))
                .addArrayOfOffsetDateTime(
                        heads.stream().map(Aggregate.Head::lastEventAt).toArray(OffsetDateTime[]::new));
    }

    private StoredEvent stored(Message message) {
        return new StoredEvent(
                0,
                message.eventId(),
                message.streamId(),
                message.version(),
                message.partitionKey(),
                message.occurredAt(),
                message.metadata(),
                new EventCodec.Written(message.type(), message.payload(), sealedParts.apply(message)));
    }

    private static <T> String[] strings(List<T> all, Function<T, @Nullable String> member) {
        return all.stream().map(member).toArray(String[]::new);
    }

    private static Buffer[] buffers(Stream<@Nullable SealedPart> sealedParts) {
        return sealedParts
                .map(part -> part == null ? null : Buffer.buffer(part.bytes()))
                .toArray(Buffer[]::new);
    }

    private static List<Row> list(RowSet<Row> rows) {
        List<Row> all = new ArrayList<>();
        rows.forEach(all::add);
        return all;
    }
}
