package tap.eventsourcing.restore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.AppendOutcome;
import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Loaded;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StateCodec;
import tap.eventsourcing.StreamAppend;

/**
 * Takes commands on many streams, up to {@value EventStore#MOST_STREAMS} at a time, through one load and one append, inside a
 * transaction in which nobody else appends.
 *
 * @param <C> commands
 * @param <S> states
 * @param <E> events
 */
public final class BulkCommands<C, S, E> {
    private static final String LOAD = """
            SELECT s.stream_id, tap_now() AS loaded_at, greatest(tap_now(), head.last_event_at) AS now,
              coalesce(head.version, 0) AS version, head.state::text AS state, head.state_version, head.sealed
              FROM unnest($1::text[]) s(stream_id) LEFT JOIN head USING (stream_id)""";

    private final EventStore store;
    private final Decider<C, S, E, ?> decider;
    private final EventCodec<E> events;
    private final StateCodec<S> states;
    private final Aggregate<S, E> aggregate;

    /** Commands on the streams of one aggregate. */
    public BulkCommands(EventStore store, Decider<C, S, E, ?> decider, EventCodec<E> events, StateCodec<S> states) {
        this.store = store;
        this.decider = decider;
        this.events = events;
        this.states = states;
        this.aggregate = new Aggregate<>(decider, events, states);
    }

    /**
     * Decides about each stream, and appends what follows, all or nothing.
     *
     * @param streamIds at most {@value EventStore#MOST_STREAMS}, each once
     * @param command what is asked of a stream, if anything
     * @param metadata who and what caused it, by stream id
     * @return how many streams got events; fails if a command is rejected or an append refused
     */
    public Uni<Integer> handle(
            SqlConnection transaction,
            List<String> streamIds,
            Function<Loaded<S, Row>, Optional<C>> command,
            Function<String, Metadata> metadata) {
        if (streamIds.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return transaction
                .preparedQuery(LOAD)
                .execute(Tuple.tuple().addArrayOfString(streamIds.toArray(String[]::new)))
                .flatMap(rows -> states(transaction, rows).flatMap(known -> {
                    List<StreamAppend> appends = new ArrayList<>();
                    for (Row row : rows) {
                        StreamAppend append = append(
                                row,
                                known.getOrDefault(row.getString("stream_id"), decider.initial()),
                                command,
                                metadata);
                        if (append != null) {
                            appends.add(append);
                        }
                    }
                    Row any = rows.iterator().next();
                    return append(
                            transaction,
                            appends,
                            any.getOffsetDateTime("loaded_at").toInstant());
                }));
    }

    private Uni<Integer> append(SqlConnection transaction, List<StreamAppend> appends, Instant loadedAt) {
        if (appends.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return store.append(transaction, appends, loadedAt).map(outcome -> switch (outcome) {
            case AppendOutcome.Done done -> appends.size();
            case AppendOutcome.Conflict conflict -> throw new IllegalStateException("somebody else appends");
            case AppendOutcome.Refused refused -> throw new IllegalStateException("the store refuses appends");
        });
    }

    private @Nullable StreamAppend append(
            Row row, S before, Function<Loaded<S, Row>, Optional<C>> command, Function<String, Metadata> metadata) {
        String streamId = row.getString("stream_id");
        Instant now = row.getOffsetDateTime("now").toInstant();
        Optional<C> asked = command.apply(new Loaded<>(streamId, row.getLong("version"), before, now, row));
        if (asked.isEmpty()) {
            return null;
        }
        List<E> decided = switch (decider.decide(asked.get(), before)) {
            case Decision.Accepted<E, ?> accepted -> accepted.events();
            case Decision.Rejected<E, ?> rejected ->
                throw new IllegalStateException("stream " + streamId + ": " + rejected.rejection());
        };
        if (decided.isEmpty()) {
            return null;
        }
        S state = before;
        List<StreamAppend.NewEvent> written = new ArrayList<>();
        for (E event : decided) {
            state = decider.evolve(state, event);
            UUID id = events.id(event).orElseGet(Ids::next);
            written.add(new StreamAppend.NewEvent(id, now, metadata.apply(streamId), events.write(event)));
        }
        return new StreamAppend(streamId, row.getLong("version"), states.write(state), states.stateVersion(), written);
    }

    // Heads that another build wrote are folded from their events.
    private Uni<Map<String, S>> states(SqlConnection transaction, RowSet<Row> rows) {
        Map<String, S> known = new HashMap<>();
        Map<String, Long> unread = new HashMap<>();
        for (Row row : rows) {
            if (aggregate.reads(row)) {
                known.put(row.getString("stream_id"), aggregate.state(row));
            } else if (row.getLong("version") > 0) {
                unread.put(row.getString("stream_id"), 0L);
            }
        }
        return unread.isEmpty()
                ? Uni.createFrom().item(known)
                : Aggregate.eventsAfter(transaction, unread).map(events -> {
                    events.forEach((stream, all) ->
                            known.put(stream, aggregate.fold(stream, null, all).state()));
                    return known;
                });
    }
}
