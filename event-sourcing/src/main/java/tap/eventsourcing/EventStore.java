package tap.eventsourcing;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * The append-only log of one service and the head of each of its streams, in PostgreSQL. Stateless but for its listeners;
 * every method takes the connection, pool or transaction to work in.
 */
public final class EventStore {
    /** The most streams that one append moves, all or none. */
    public static final int MOST_STREAMS = 1_000;

    private static final String LOCK = "SELECT 1 FROM head WHERE stream_id = $1 FOR UPDATE";

    private static final String LOCK_ALL =
            "SELECT 1 FROM head WHERE stream_id = ANY ($1) ORDER BY stream_id FOR UPDATE";

    private static final String FOLD = """
            SELECT version, type, payload::text AS payload, sealed FROM event
             WHERE stream_id = $1 AND version > $2 AND version <= $3 ORDER BY version LIMIT 1000""";

    // What is not appended 5 s after it was decided never is.
    private static final String PAST = """
            SELECT tap_now() - interval '5 s' AS settled,
              coalesce((SELECT version FROM event WHERE stream_id = $1 AND occurred_at <= $2
                         ORDER BY version DESC LIMIT 1), 0) AS version""";

    // An append is refused when its decision is older than 5 s (a pod that was frozen decided on policy and
    // directory rows of then) or when the witness does not name this PostgreSQL run. The heads are locked in the
    // order of their names, whatever plan the update takes, so that appends wait for each other and never deadlock.
    // Under 2,048 characters, so that it is prepared once.
    static final String APPEND = """
            WITH able AS MATERIALIZED (
              SELECT 1 FROM witness
               WHERE run = pg_postmaster_start_time() AND $1::timestamptz > tap_now() - interval '5 s'),
            h AS (SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::bool[], $7::text[],
              $8::int[], $9::bytea[], $10::timestamptz[])
              h(stream_id, expected, version, partition_key, ended, state, state_version, sealed, at)),
            mine AS MATERIALIZED (
              SELECT h.* FROM h, able, head WHERE head.stream_id = h.stream_id AND head.version = h.expected
               ORDER BY 1 FOR UPDATE OF head),
            moved AS (
              UPDATE head SET version = h.version, partition_key = h.partition_key, ended = h.ended,
                state = h.state::jsonb, state_version = h.state_version, sealed = h.sealed, last_event_at = h.at
              FROM mine h WHERE head.stream_id = h.stream_id RETURNING 1),
            created AS (
              INSERT INTO head SELECT h.stream_id, h.version, h.partition_key, h.ended, h.state::jsonb, h.state_version,
                h.sealed, h.at FROM h, able WHERE h.expected = 0 ON CONFLICT DO NOTHING RETURNING 1),
            n AS (SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM created) AS heads),
            appended AS (
              INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, actor, correlation_id,
                causation_id, payload, sealed)
              SELECT e.stream_id, e.version, e.event_id, e.type, e.partition_key, e.at, e.actor, e.correlation_id,
                e.causation_id, e.payload::json, e.sealed
              FROM n, unnest($11::text[], $12::bigint[], $13::uuid[], $14::text[], $15::text[], $16::timestamptz[],
                $17::text[], $18::text[], $19::text[], $20::text[], $21::bytea[]) WITH ORDINALITY
                e(stream_id, version, event_id, type, partition_key, at, actor, correlation_id, causation_id, payload,
                  sealed, place)
              WHERE n.heads = cardinality($2) ORDER BY e.place RETURNING seq)
            SELECT n.heads = cardinality($2) AS moved, EXISTS (SELECT FROM able) AS able,
              (SELECT max(seq) FROM appended) AS last_seq, pg_current_xact_id()::text AS xid,
              CASE WHEN n.heads BETWEEN 1 AND cardinality($2) - 1 THEN refuse_partial_append() END FROM n""";

    private final List<Runnable> committed = new CopyOnWriteArrayList<>();

    /** Asks to be told, in this process, after each commit of new events; the relay wakes by it. Must return at once. */
    public void onCommitted(Runnable listener) {
        committed.add(listener);
    }

    /** Says that events were committed. Whoever appends inside a transaction of its own calls this after its commit. */
    public void committed() {
        committed.forEach(Runnable::run);
    }

    /** Locks a stream until the transaction ends, so that writers queue up at its row and none is overtaken. */
    Uni<Void> lock(SqlClient transaction, String streamId) {
        return transaction.preparedQuery(LOCK).execute(Tuple.of(streamId)).replaceWithVoid();
    }

    /** Locks streams in the order of their ids, as {@link #lock(SqlClient, String)} does. */
    Uni<Void> lock(SqlClient transaction, List<String> streamIds) {
        return transaction
                .preparedQuery(LOCK_ALL)
                .execute(Tuple.tuple().addArrayOfString(streamIds.toArray(String[]::new)))
                .replaceWithVoid();
    }

    /** Runs a load and folds what it found. */
    <S, E, X> Uni<Snapshot<S, X>> load(
            SqlClient client, Load<X> load, Decider<?, S, E, ?> decider, EventCodec<E> events, StateCodec<S> states) {
        return client.preparedQuery(load.sql()).execute(load.parameters()).flatMap(rows -> {
            if (rows.size() != 1) {
                throw new IllegalStateException("a load returns one row, this one " + rows.size() + ": " + load.sql());
            }
            Row row = rows.iterator().next();
            return state(client, row, decider, events, states)
                    .map(state -> new Snapshot<>(
                            new Loaded<>(
                                    row.getString("stream_id"),
                                    version(row),
                                    state,
                                    instant(row, "now"),
                                    load.context().apply(row)),
                            instant(row, "loaded_at")));
        });
    }

    /**
     * Appends to 1 to {@value #MOST_STREAMS} streams in one statement: all move, or none. Run on a pool it is its own
     * transaction and {@link #committed} is the caller's to call.
     *
     * @param loadedAt the database's clock when the decision's rows were read; older than 5 s is refused
     */
    public Uni<AppendOutcome> append(SqlClient client, List<StreamAppend> appends, Instant loadedAt) {
        if (appends.isEmpty() || appends.size() > MOST_STREAMS) {
            throw new IllegalArgumentException(
                    "an append moves 1 to " + MOST_STREAMS + " streams, not " + appends.size());
        }
        List<StreamAppend> sorted = appends.stream()
                .sorted(Comparator.comparing(StreamAppend::streamId))
                .toList();
        return client.preparedQuery(APPEND)
                .execute(parameters(sorted, loadedAt))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (!row.getBoolean("able")) {
                        return AppendOutcome.Refused.INSTANCE;
                    }
                    if (!row.getBoolean("moved")) {
                        return AppendOutcome.Conflict.INSTANCE;
                    }
                    List<UUID> ids = sorted.stream()
                            .flatMap(append -> append.events().stream())
                            .map(StreamAppend.NewEvent::eventId)
                            .toList();
                    return new AppendOutcome.Done(new Appended(row.getString("xid"), row.getLong("last_seq"), ids));
                });
    }

    /** The state of a row of {@code head}; the events are folded if another build wrote it. */
    <S, E> Uni<S> state(
            SqlClient client, Row row, Decider<?, S, E, ?> decider, EventCodec<E> events, StateCodec<S> states) {
        String json = row.getString("state");
        if (json == null) {
            return Uni.createFrom().item(decider::initial);
        }
        if (row.getInteger("state_version") == states.stateVersion()) {
            return Uni.createFrom().item(() -> states.read(json, sealedPart(row)));
        }
        // Another build wrote this head: its form is not ours to guess, the events are.
        return fold(client, row.getString("stream_id"), decider.initial(), 0, version(row), decider, events);
    }

    /** Folds the events that had happened by a moment; the database's clock counts in microseconds. */
    <S, E> Uni<Past<S>> past(
            SqlClient client, String streamId, Instant moment, Decider<?, S, E, ?> decider, EventCodec<E> events) {
        return client.preparedQuery(PAST)
                .execute(Tuple.of(streamId, utc(moment.truncatedTo(ChronoUnit.MICROS))))
                .flatMap(rows -> {
                    Row row = rows.iterator().next();
                    return fold(client, streamId, decider.initial(), 0, version(row), decider, events)
                            .map(state -> new Past<>(state, version(row), instant(row, "settled")));
                });
    }

    private <S, E> Uni<S> fold(
            SqlClient client,
            String streamId,
            S state,
            long after,
            long until,
            Decider<?, S, E, ?> decider,
            EventCodec<E> events) {
        return client.preparedQuery(FOLD)
                .execute(Tuple.of(streamId, after, until))
                .flatMap(rows -> {
                    S folded = state;
                    for (Row row : rows) {
                        folded = decider.evolve(
                                folded,
                                events.read(new EventCodec.Written(
                                        row.getString("type"), row.getString("payload"), sealedPart(row))));
                    }
                    long reached = after + rows.size();
                    return reached >= until || rows.size() == 0
                            ? Uni.createFrom().item(folded)
                            : fold(client, streamId, folded, reached, until, decider, events);
                });
    }

    private static Tuple parameters(List<StreamAppend> appends, Instant loadedAt) {
        List<PlacedEvent> events = appends.stream().flatMap(PlacedEvent::of).toList();
        return Tuple.tuple()
                .addOffsetDateTime(utc(loadedAt))
                .addArrayOfString(strings(appends, StreamAppend::streamId))
                .addArrayOfLong(
                        appends.stream().map(StreamAppend::expectedVersion).toArray(Long[]::new))
                .addArrayOfLong(appends.stream()
                        .map(append ->
                                append.expectedVersion() + append.events().size())
                        .toArray(Long[]::new))
                .addArrayOfString(strings(appends, append -> append.head().partitionKey()))
                .addArrayOfBoolean(
                        appends.stream().map(append -> append.head().ended()).toArray(Boolean[]::new))
                .addArrayOfString(strings(appends, append -> append.head().json()))
                .addArrayOfInteger(
                        appends.stream().map(StreamAppend::stateVersion).toArray(Integer[]::new))
                .addValue(buffers(appends.stream().map(append -> append.head().sealed())))
                .addArrayOfOffsetDateTime(appends.stream()
                        .map(append -> utc(append.events().getLast().occurredAt()))
                        .toArray(OffsetDateTime[]::new))
                .addArrayOfString(strings(events, PlacedEvent::streamId))
                .addArrayOfLong(events.stream().map(PlacedEvent::version).toArray(Long[]::new))
                .addArrayOfUUID(
                        events.stream().map(event -> event.event.eventId()).toArray(UUID[]::new))
                .addArrayOfString(strings(events, event -> event.event.written().type()))
                .addArrayOfString(strings(events, PlacedEvent::partitionKey))
                .addArrayOfOffsetDateTime(events.stream()
                        .map(event -> utc(event.event.occurredAt()))
                        .toArray(OffsetDateTime[]::new))
                .addArrayOfString(
                        strings(events, event -> event.event.metadata().actor()))
                .addArrayOfString(
                        strings(events, event -> event.event.metadata().correlationId()))
                .addArrayOfString(
                        strings(events, event -> event.event.metadata().causationId()))
                .addArrayOfString(strings(events, event -> event.event.written().payload()))
                .addValue(buffers(
                        events.stream().map(event -> event.event.written().sealed())));
    }

    private static <T> String[] strings(List<T> all, Function<T, @Nullable String> member) {
        return all.stream().map(member).toArray(String[]::new);
    }

    private static io.vertx.core.buffer.Buffer[] buffers(Stream<@Nullable SealedPart> sealedParts) {
        return sealedParts
                .map(part -> part == null ? null : io.vertx.core.buffer.Buffer.buffer(part.bytes()))
                .toArray(io.vertx.core.buffer.Buffer[]::new);
    }

    private static @Nullable SealedPart sealedPart(Row row) {
        Buffer sealedPart = row.getBuffer("sealed");
        return sealedPart == null ? null : SealedPart.of(sealedPart.getBytes());
    }

    private static long version(Row row) {
        Long version = row.getLong("version");
        return version == null ? 0 : version;
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * What a load found, and the database's clock as it was then.
     *
     * @param loaded what the command is made from
     * @param loadedAt {@code tap_now()}, which an append must not be 5 s past
     */
    record Snapshot<S, X>(Loaded<S, X> loaded, Instant loadedAt) {}

    private record PlacedEvent(String streamId, long version, String partitionKey, StreamAppend.NewEvent event) {
        static Stream<PlacedEvent> of(StreamAppend append) {
            return IntStream.range(0, append.events().size())
                    .mapToObj(i -> new PlacedEvent(
                            append.streamId(),
                            append.expectedVersion() + i + 1,
                            append.head().partitionKey(),
                            append.events().get(i)));
        }
    }
}
