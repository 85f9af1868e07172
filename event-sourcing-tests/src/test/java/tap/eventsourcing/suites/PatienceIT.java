package tap.eventsourcing.suites;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Loaded;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.faults.SkewedClock;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A command is given up after 5 s, and what was given up, or decided too long ago, appends nothing later. */
class PatienceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Add ADD = new Add(Integer.MAX_VALUE);

    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger decisions = new AtomicInteger();
    private final String stream = UUID.randomUUID().toString();

    @SuppressWarnings("NullAway.Init") // set before each test
    private TestDatabase database;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Pool pool;

    @BeforeEach
    void open() {
        database = TestDatabase.create("patience", TestDatabase.EVENT_SOURCING).witnessed();
        pool = database.poolOfPod(4);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_command_that_was_given_up_in_the_queue_appends_nothing_when_its_turn_comes() throws Exception {
        Pool busy = database.poolOfPod(1);
        CompletableFuture<SqlConnection> occupied = new CompletableFuture<>();
        // Another pod is first, so that the append misses; then somebody takes this pod's only connection before the
        // retry
        // can.
        Uni<Add> overtaken = Uni.createFrom()
                .emitter(decided -> handle(pool, any -> Uni.createFrom().item(ADD))
                        .subscribe()
                        .with(
                                first -> {
                                    decided.complete(ADD);
                                    busy.getConnection().subscribe().with(occupied::complete);
                                },
                                decided::fail));
        Uni<Handled<Tally, Added, Full>> command = handle(
                busy,
                loaded -> decisions.incrementAndGet() == 1
                        ? overtaken
                        : Uni.createFrom().item(ADD));

        assertThatThrownBy(() -> command.await().atMost(PATIENCE))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("given up");
        occupied.get().closeAndAwait();

        // Connections are given in the order in which they were asked for.
        assertThat(busy.preparedQuery("SELECT count(*) FROM event WHERE stream_id = $1")
                        .executeAndAwait(Tuple.of(stream))
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(1);
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void a_decision_six_seconds_old_by_the_databases_clock_is_refused_although_the_head_is_as_it_was() {
        try (SkewedClock clock = SkewedClock.of(database)) {
            handle(pool, loaded -> after(() -> clock.advance(Duration.ofSeconds(2))))
                    .await()
                    .atMost(PATIENCE);
            assertThat(events()).isEqualTo(1);
            assertThatThrownBy(() -> handle(pool, loaded -> after(() -> clock.advance(Duration.ofSeconds(6))))
                            .await()
                            .atMost(PATIENCE))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("refused");
            assertThat(refused).hasValue(1);
            assertThat(events()).isEqualTo(1);
        }
    }

    @Test
    void the_same_holds_in_the_queue() {
        try (SkewedClock clock = SkewedClock.of(database)) {
            assertThatThrownBy(() -> handle(
                                    pool,
                                    loaded -> decisions.incrementAndGet() == 1
                                            ? handle(
                                                            pool,
                                                            any -> Uni.createFrom()
                                                                    .item(ADD))
                                                    .replaceWith(ADD)
                                            : after(() -> clock.advance(Duration.ofSeconds(6))))
                            .await()
                            .atMost(PATIENCE))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("refused");
            assertThat(decisions).hasValue(2);
            assertThat(events()).isEqualTo(1);
        }
    }

    private Uni<Handled<Tally, Added, Full>> handle(Pool connections, Function<Loaded<Tally, ?>, Uni<Add>> command) {
        return new CommandHandler<>(
                        new EventStore(),
                        connections,
                        new Tally.Rules(),
                        Tally.EVENTS,
                        Tally.states(1),
                        refused::incrementAndGet)
                .handle(Load.head(stream), command::apply, TallyService.metadata());
    }

    private static Uni<Add> after(Runnable first) {
        return Uni.createFrom()
                .item(() -> {
                    first.run();
                    return ADD;
                })
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private long events() {
        return pool.preparedQuery("SELECT count(*) FROM event WHERE stream_id = $1")
                .execute(Tuple.of(stream))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next()
                .getLong(0);
    }
}
