package tap.eventsourcing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands on many streams, up to {@value EventStore#MOST_STREAMS} at a time, through one load and one append, inside the
 * caller's transaction. The streams are locked first, in the order of their ids, so that nobody is overtaken and nobody deadlocks.
 *
 * @param <C> commands
 * @param <S> states
 * @param <E> events
 * @param <R> rejections
 */
public final class BulkCommands<C, S, E, R> {
    private static final String LOAD = """
            SELECT s.stream_id, tap_now() AS loaded_at, greatest(tap_now(), head.last_event_at) AS now,
              coalesce(head.version, 0) AS version, head.state::text AS state, head.state_version, head.sealed
              FROM unnest($1::text[]) s(stream_id) LEFT JOIN head USING (stream_id)""";

    private final EventStore store;
    private final Decider<C, S, E, R> decider;
    private final EventCodec<E> events;
    private final StateCodec<S> states;

    /** Commands on the streams of one aggregate. */
    public BulkCommands(EventStore store, Decider<C, S, E, R> decider, EventCodec<E> events, StateCodec<S> states) {
        this.store = store;
        this.decider = decider;
        this.events = events;
        this.states = states;
    }

    /** What became of a bulk. */
    public sealed interface Outcome<R> {
        /**
         * Every command was accepted.
         *
         * @param streams how many streams got events
         * @param appended where the events are
         */
        record Accepted<R>(int streams, Appended appended) implements Outcome<R> {}

        /** One command was rejected, and nothing was appended. */
        record Rejected<R>(String streamId, R rejection) implements Outcome<R> {}
    }

    /**
     * Decides about each stream, and appends what follows, all or nothing. After the commit the caller calls
     * {@link EventStore#committed}.
     *
     * @param streamIds at most {@value EventStore#MOST_STREAMS}, each once
     * @param command what is asked of a stream, if anything
     * @param metadata who and what caused it, by stream id
     * @return what became of it; fails with {@link Unavailable} if the append was refused or a stream created meanwhile: the
     *     caller's transaction must be rolled back
     */
    public Uni<Outcome<R>> handle(
            SqlConnection transaction,
            List<String> streamIds,
            Function<Loaded<S, Row>, Optional<C>> command,
            Function<String, Metadata> metadata) {
        if (streamIds.isEmpty()) {
            return Uni.createFrom().item(new Outcome.Accepted<>(0, Appended.NOTHING));
        }
        return store.lock(transaction, streamIds)
                .flatMap(locked -> transaction
                        .preparedQuery(LOAD)
                        .execute(Tuple.tuple().addArrayOfString(streamIds.toArray(String[]::new))))
                .flatMap(rows -> Multi.createFrom()
                        .iterable(rows)
                        .onItem()
                        .transformToUniAndConcatenate(row -> store.state(transaction, row, decider, events, states)
                                .map(state -> loaded(row, state)))
                        .collect()
                        .asList())
                .flatMap(all -> decide(transaction, all, command, metadata));
    }

    private static <S> Loaded<S, Row> loaded(Row row, S state) {
        return new Loaded<>(
                row.getString("stream_id"),
                row.getLong("version"),
                state,
                row.getOffsetDateTime("now").toInstant(),
                row);
    }

    private Uni<Outcome<R>> decide(
            SqlConnection transaction,
            List<Loaded<S, Row>> all,
            Function<Loaded<S, Row>, Optional<C>> command,
            Function<String, Metadata> metadata) {
        List<StreamAppend> appends = new ArrayList<>();
        for (Loaded<S, Row> loaded : all) {
            Optional<C> asked = command.apply(loaded);
            if (asked.isEmpty()) {
                continue;
            }
            switch (decider.decide(asked.get(), loaded.state())) {
                case Decision.Rejected<E, R> rejected -> {
                    return Uni.createFrom()
                            .item(new Outcome.Rejected<>(stream(loaded.streamId()), rejected.rejection()));
                }
                case Decision.Accepted<E, R> accepted -> {
                    if (!accepted.events().isEmpty()) {
                        appends.add(append(loaded, accepted.events(), metadata.apply(stream(loaded.streamId()))));
                    }
                }
            }
        }
        if (appends.isEmpty()) {
            return Uni.createFrom().item(new Outcome.Accepted<>(0, Appended.NOTHING));
        }
        Instant loadedAt =
                all.getFirst().context().getOffsetDateTime("loaded_at").toInstant();
        return store.append(transaction, appends, loadedAt).map(outcome -> switch (outcome) {
            case AppendOutcome.Done done -> new Outcome.Accepted<>(appends.size(), done.appended());
            case AppendOutcome.Conflict conflict -> throw unavailable("a stream was created meanwhile");
            case AppendOutcome.Refused refused ->
                throw unavailable("the store refused an append: the decision took over 5 s, or the witness is stale");
        });
    }

    private StreamAppend append(Loaded<S, Row> loaded, List<E> decided, Metadata metadata) {
        S state = loaded.state();
        List<StreamAppend.NewEvent> written = new ArrayList<>();
        for (E event : decided) {
            state = decider.evolve(state, event);
            UUID id = events.id(event).orElseGet(Ids::next);
            written.add(new StreamAppend.NewEvent(id, loaded.now(), metadata, events.write(event)));
        }
        return new StreamAppend(
                stream(loaded.streamId()), loaded.version(), states.write(state), states.stateVersion(), written);
    }

    private static String stream(@Nullable String streamId) {
        return Objects.requireNonNull(streamId);
    }

    private static Unavailable unavailable(String reason) {
        return new Unavailable(reason, Duration.ofSeconds(1), null);
    }
}
