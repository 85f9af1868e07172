package tap.eventsourcing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;

/**
 * Takes a command through load, decision and append: two statements. If another append was first, the stream is locked and
 * the command decided again in one transaction, so that racing writers queue up, those of a pod in the order of asking, and all
 * get through.
 *
 * @param <C> commands
 * @param <S> states
 * @param <E> events
 * @param <R> rejections
 */
public final class CommandHandler<C, S, E, R> {
    /** How long a command may take before it is given up as {@link Unavailable}. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventStore store;
    private final Pool pool;
    private final Decider<C, S, E, R> decider;
    private final EventCodec<E> events;
    private final StateCodec<S> states;
    private final Runnable onRefused;
    private final Turns turns = new Turns();

    /**
     * @param onRefused told when the store refused an append; the witness looks by it whether PostgreSQL was started anew. Must
     *     return at once
     */
    public CommandHandler(
            EventStore store,
            Pool pool,
            Decider<C, S, E, R> decider,
            EventCodec<E> events,
            StateCodec<S> states,
            Runnable onRefused) {
        this.store = store;
        this.pool = pool;
        this.decider = decider;
        this.events = events;
        this.states = states;
        this.onRefused = onRefused;
    }

    /**
     * Handles a command.
     *
     * @param load reads the head and the context of the decision; run again when another append was first
     * @param command makes the command of what was loaded; called again on a retry
     * @return the outcome; fails with {@link Unavailable} after {@link #PATIENCE}, or when the store is away
     */
    public <X> Uni<Handled<S, E, R>> handle(Load<X> load, Function<Loaded<S, X>, Uni<C>> command, Metadata metadata) {
        return handle(load, load, command, metadata);
    }

    /** As {@link #handle(Load, Function, Metadata)}, with a load that has an effect of its own, and one for retries without. */
    public <X> Uni<Handled<S, E, R>> handle(
            Load<X> first, Load<X> again, Function<Loaded<S, X>, Uni<C>> command, Metadata metadata) {
        return Uni.createFrom()
                .deferred(() -> {
                    AtomicBoolean givenUp = new AtomicBoolean();
                    return attempt(pool, first, command, metadata)
                            .flatMap(attempt -> switch (attempt) {
                                case Attempt.Settled<S, E, R> settled ->
                                    Uni.createFrom().item(settled.handled);
                                case Attempt.Lost<S, E, R> lost ->
                                    turns.inTurn(
                                            lost.streamId, queued(lost.streamId, again, command, metadata, givenUp));
                            })
                            .onCancellation()
                            .invoke(() -> givenUp.set(true));
                })
                .invoke(handled -> {
                    if (handled instanceof Handled.Accepted<S, E, R> accepted
                            && !accepted.events().isEmpty()) {
                        store.committed();
                    }
                })
                .ifNoItem()
                .after(PATIENCE)
                .failWith(() -> new Unavailable(
                        "a command was given up after " + PATIENCE.toSeconds() + " s", Duration.ofSeconds(1), null));
    }

    /**
     * Handles a command inside the caller's transaction, as reactions do: the stream is locked first.
     *
     * @return the outcome; fails with {@link Unavailable} if another append was first to create the stream: the caller's
     *     transaction must be rolled back and tried again. After the commit the caller calls {@link EventStore#committed}
     */
    public Uni<Handled<S, E, R>> handleIn(
            SqlConnection transaction, String streamId, Function<Loaded<S, Row>, C> command, Metadata metadata) {
        return store.lock(transaction, streamId)
                .flatMap(locked -> attempt(
                        transaction,
                        Load.head(streamId),
                        loaded -> Uni.createFrom().item(() -> command.apply(loaded)),
                        metadata))
                .map(attempt -> switch (attempt) {
                    case Attempt.Settled<S, E, R> settled -> settled.handled;
                    case Attempt.Lost<S, E, R> lost ->
                        throw new Unavailable(
                                "stream " + lost.streamId + " was created meanwhile", Duration.ofMillis(10), null);
                });
    }

    /**
     * What a stream was at an earlier moment, folded from the log. The answer can still change for a moment later than its {@link
     * Past#settled}: the caller refuses to be asked about one.
     */
    public Uni<Past<S>> asOf(String streamId, Instant moment) {
        return StoreFailures.named(store.past(pool, streamId, moment, decider, events));
    }

    // The one explicit transaction of the command path: whoever waited at the row reads anew in a second statement,
    // because the statement that waited still sees the copies of before.
    private <X> Uni<Handled<S, E, R>> queued(
            String streamId,
            Load<X> load,
            Function<Loaded<S, X>, Uni<C>> command,
            Metadata metadata,
            AtomicBoolean givenUp) {
        return StoreFailures.named(pool.withTransaction(transaction -> unless(givenUp)
                        .flatMap(wanted -> store.lock(transaction, streamId))
                        .flatMap(locked -> attempt(
                                transaction,
                                load,
                                loaded -> command.apply(loaded).call(() -> unless(givenUp)),
                                metadata))))
                .flatMap(attempt -> switch (attempt) {
                    case Attempt.Settled<S, E, R> settled -> Uni.createFrom().item(settled.handled);
                    case Attempt.Lost<S, E, R> lost -> queued(lost.streamId, load, command, metadata, givenUp);
                });
    }

    // A transaction waits for a free connection and runs even if nobody waits for it any more: Vert.x cannot take it
    // back. It would append long after its caller was told to try again, and perhaps has.
    private static Uni<Void> unless(AtomicBoolean givenUp) {
        return Uni.createFrom().voidItem().invoke(() -> {
            if (givenUp.get()) {
                throw new Unavailable("the command was given up before its turn came", Duration.ofSeconds(1), null);
            }
        });
    }

    private <X> Uni<Attempt<S, E, R>> attempt(
            SqlClient client, Load<X> load, Function<Loaded<S, X>, Uni<C>> command, Metadata metadata) {
        return StoreFailures.named(store.load(client, load, decider, events, states))
                .flatMap(snapshot ->
                        command.apply(snapshot.loaded()).flatMap(made -> decide(client, snapshot, made, metadata)));
    }

    private <X> Uni<Attempt<S, E, R>> decide(
            SqlClient client, EventStore.Snapshot<S, X> snapshot, C command, Metadata metadata) {
        Loaded<S, X> loaded = snapshot.loaded();
        return switch (decider.decide(command, loaded.state())) {
            case Decision.Rejected<E, R> rejected ->
                settled(new Handled.Rejected<>(rejected.rejection(), loaded.state(), loaded.now()));
            case Decision.Accepted<E, R> accepted
            when accepted.events().isEmpty() ->
                settled(new Handled.Accepted<>(loaded.state(), List.of(), Appended.NOTHING, loaded.now()));
            case Decision.Accepted<E, R> accepted ->
                append(client, loaded, snapshot.loadedAt(), accepted.events(), metadata);
        };
    }

    private Uni<Attempt<S, E, R>> append(
            SqlClient client, Loaded<S, ?> loaded, Instant loadedAt, List<E> decided, Metadata metadata) {
        String streamId = loaded.streamId();
        if (streamId == null) {
            throw new IllegalStateException("a command without a stream was accepted: " + decided);
        }
        S state = loaded.state();
        List<Handled.Recorded<E>> recorded = new ArrayList<>();
        List<StreamAppend.NewEvent> written = new ArrayList<>();
        for (E event : decided) {
            state = decider.evolve(state, event);
            var id = events.id(event).orElseGet(Ids::next);
            recorded.add(new Handled.Recorded<>(id, loaded.version() + recorded.size() + 1, event));
            written.add(new StreamAppend.NewEvent(id, loaded.now(), metadata, events.write(event)));
        }
        S after = state;
        StreamAppend append =
                new StreamAppend(streamId, loaded.version(), states.write(after), states.stateVersion(), written);
        return StoreFailures.named(store.append(client, List.of(append), loadedAt))
                .map(outcome -> switch (outcome) {
                    case AppendOutcome.Done done ->
                        new Attempt.Settled<>(
                                new Handled.Accepted<>(after, List.copyOf(recorded), done.appended(), loaded.now()));
                    case AppendOutcome.Conflict conflict -> new Attempt.Lost<>(streamId);
                    case AppendOutcome.Refused refused -> {
                        onRefused.run();
                        throw new Unavailable(
                                "the store refused an append: the decision took over 5 s, or the witness is stale",
                                Duration.ofSeconds(1),
                                null);
                    }
                });
    }

    private static <S, E, R> Uni<Attempt<S, E, R>> settled(Handled<S, E, R> handled) {
        return Uni.createFrom().item(new Attempt.Settled<>(handled));
    }

    private sealed interface Attempt<S, E, R> {
        record Settled<S, E, R>(Handled<S, E, R> handled) implements Attempt<S, E, R> {}

        record Lost<S, E, R>(String streamId) implements Attempt<S, E, R> {}
    }
}
