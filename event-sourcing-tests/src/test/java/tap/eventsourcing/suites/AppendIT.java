package tap.eventsourcing.suites;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.PoolOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.eventsourcing.AppendOutcome;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StreamAppend;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.infrastructure.StatementCounter;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What an append refuses, and what the database refuses whoever goes around it. */
class AppendIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Metadata METADATA = new Metadata("actor", "correlation", null);

    private static TestDatabase database;
    private static Pool pool;

    private final EventStore store = new EventStore();
    private final AtomicInteger refused = new AtomicInteger();
    private final String stream = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        database = TestDatabase.create("append", TestDatabase.EVENT_SOURCING).witnessed();
        pool = database.pool(16);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void an_append_at_another_version_than_the_expected_moves_nothing() {
        assertThat(append(pool, at(stream, 0))).isInstanceOf(AppendOutcome.Done.class);

        assertThat(append(pool, at(stream, 0))).isEqualTo(AppendOutcome.Conflict.INSTANCE);
        assertThat(append(pool, at(stream, 2))).isEqualTo(AppendOutcome.Conflict.INSTANCE);
        assertThat(count("event")).isEqualTo(1);
        assertThat(append(pool, at(stream, 1))).isInstanceOf(AppendOutcome.Done.class);
    }

    @Test
    void many_streams_move_in_one_statement() {
        List<String> streams = names(EventStore.MOST_STREAMS);
        try (StatementCounter counter = StatementCounter.of(database)) {
            append(pool, streams.stream().map(name -> at(name, 0)).toArray(StreamAppend[]::new));
            assertThat(counter.total()).isEqualTo(1);
        }
        assertThat(one("SELECT count(*) FROM event WHERE stream_id LIKE $1", stream + "%")
                        .getLong(0))
                .isEqualTo(EventStore.MOST_STREAMS);
    }

    @Test
    void all_streams_move_or_none() {
        List<String> streams = names(3);
        append(pool, at(streams.get(1), 0));

        assertThatThrownBy(() -> append(pool, at(streams.get(0), 0), at(streams.get(1), 7), at(streams.get(2), 0)))
                .isInstanceOfSatisfying(
                        PgException.class,
                        partial -> assertThat(partial.getSqlState()).isEqualTo("40001"));
        assertThat(one("SELECT count(*) FROM event WHERE stream_id LIKE $1", stream + "%")
                        .getLong(0))
                .isEqualTo(1);
        assertThat(one("SELECT count(*) FROM head WHERE stream_id LIKE $1", stream + "%")
                        .getLong(0))
                .isEqualTo(1);
    }

    @Test
    void racing_appends_of_many_streams_wait_for_each_other_and_never_deadlock() throws SQLException {
        int streams = 1_000;
        int writers = 8;
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<String> names = names(streams);
        // The heads lie in the table in another order than that of their names, and the planner, who sees how many an
        // append moves, scans the table for the larger ones and looks up the heads of the smaller.
        List<String> asTheyLie = new ArrayList<>(names);
        Collections.shuffle(asTheyLie, new Random(seed));
        asTheyLie.forEach(name -> append(pool, at(name, 0)));
        try (var owner = database.connectAsOwner()) {
            owner.createStatement().execute("ANALYZE head");
        }
        Pool planning = Pool.pool(
                database.connectOptions().addProperty("plan_cache_mode", "force_custom_plan"),
                new PoolOptions().setMaxSize(writers));
        AtomicLongArray versions = new AtomicLongArray(streams);
        IntStream.range(0, streams).forEach(i -> versions.set(i, 1));
        AtomicInteger done = new AtomicInteger();
        Multi.createFrom()
                .range(0, 160)
                .onItem()
                .transformToUni(n -> {
                    List<Integer> chosen =
                            new ArrayList<>(IntStream.range(0, streams).boxed().toList());
                    Collections.shuffle(chosen, new Random(seed + n));
                    List<StreamAppend> appends = chosen.subList(0, n % 2 == 0 ? 20 : 600).stream()
                            .map(i -> at(names.get(i), versions.get(i)))
                            .toList();
                    return store.append(planning, appends, Instant.now().plusSeconds(1))
                            .invoke(outcome -> {
                                if (outcome instanceof AppendOutcome.Done) {
                                    done.incrementAndGet();
                                    chosen.subList(0, appends.size()).forEach(versions::incrementAndGet);
                                }
                            })
                            .onFailure(failure ->
                                    failure instanceof PgException partial && "40001".equals(partial.getSqlState()))
                            .recoverWithItem(AppendOutcome.Conflict.INSTANCE);
                })
                .merge(writers)
                .collect()
                .last()
                .onTermination()
                .call(planning::close)
                .await()
                .atMost(PATIENCE);
        assertThat(done).hasValueGreaterThan(1);
    }

    @Test
    void none_and_too_many_streams_are_refused() {
        assertThatThrownBy(() -> append(pool)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> append(
                        pool,
                        names(EventStore.MOST_STREAMS + 1).stream()
                                .map(name -> at(name, 0))
                                .toArray(StreamAppend[]::new)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_decision_older_than_five_seconds_is_refused() {
        Instant now = one("SELECT tap_now()::timestamptz").getOffsetDateTime(0).toInstant();
        assertThat(append(pool, now.minusSeconds(6), at(stream, 0))).isEqualTo(AppendOutcome.Refused.INSTANCE);
        assertThat(count("event")).isZero();
        assertThat(append(pool, now.minusSeconds(1), at(stream, 0))).isInstanceOf(AppendOutcome.Done.class);
    }

    @Test
    void a_transaction_that_rolls_back_leaves_nothing() {
        var handler = handler(pool);
        assertThatThrownBy(() -> pool.withTransaction(
                        transaction -> handler.handleIn(transaction, stream, loaded -> new Add(5), METADATA)
                                .invoke(handled -> {
                                    throw new IllegalStateException("on purpose");
                                }))
                .await()
                .atMost(PATIENCE));
        assertThat(count("event")).isZero();

        pool.withTransaction((SqlConnection transaction) ->
                        handler.handleIn(transaction, stream, loaded -> new Add(5), METADATA))
                .await()
                .atMost(PATIENCE);
        assertThat(count("event")).isEqualTo(1);
    }

    @Test
    void without_a_witness_nothing_is_appended() {
        try (TestDatabase bare = TestDatabase.create("bare", TestDatabase.EVENT_SOURCING)) {
            assertRefused(bare);
        }
    }

    @Test
    void a_witness_of_another_run_of_postgresql_is_none() throws SQLException {
        try (TestDatabase restarted = TestDatabase.create("restarted", TestDatabase.EVENT_SOURCING)
                        .witnessed();
                var owner = restarted.connectAsOwner()) {
            owner.createStatement().execute("UPDATE witness SET run = run - interval '1 s'");
            assertRefused(restarted);
        }
    }

    private void assertRefused(TestDatabase unwitnessed) {
        Pool connections = unwitnessed.pool(2);
        assertThat(append(connections, Instant.now().plusSeconds(1), at(stream, 0)))
                .isEqualTo(AppendOutcome.Refused.INSTANCE);
        var handler = handler(connections);
        assertThatThrownBy(() -> handler.handle(
                                Load.head(stream), loaded -> Uni.createFrom().item(new Add(5)), METADATA)
                        .await()
                        .atMost(PATIENCE))
                .isInstanceOf(Unavailable.class);
        assertThat(refused).hasValue(1);
        assertThat(connections
                        .query("SELECT count(*) FROM event")
                        .executeAndAwait()
                        .iterator()
                        .next()
                        .getLong(0))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE event SET type = 'x'",
                "UPDATE event SET type = 'x' WHERE false",
                "DELETE FROM event",
                "TRUNCATE event",
                "TRUNCATE event CASCADE",
                "MERGE INTO event e USING head h ON e.stream_id = h.stream_id WHEN MATCHED THEN DELETE",
                "INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM event ON CONFLICT (stream_id, version) DO UPDATE SET type = 'x'"
            })
    void nobody_changes_the_log(String change) throws SQLException {
        append(pool, at(stream, 0));
        try (var service = database.connectAsService();
                var owner = database.connectAsOwner();
                var superuser = database.connectAsSuperuser()) {
            assertThatThrownBy(() -> service.createStatement().execute(change))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> owner.createStatement().execute(change))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("append-only");
            assertThatThrownBy(() -> superuser.createStatement().execute(change))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("append-only");
        }
        assertThat(count("event")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE received SET payload = '{}'", "DELETE FROM received", "TRUNCATE received"})
    void the_service_does_not_change_what_it_has_received(String change) throws SQLException {
        try (var service = database.connectAsService()) {
            assertThatThrownBy(() -> service.createStatement().execute(change))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void the_service_cannot_change_the_clock_or_the_schema() throws SQLException {
        try (var service = database.connectAsService()) {
            for (String change : List.of(
                    "CREATE OR REPLACE FUNCTION tap_now() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
                    "DROP TRIGGER event_append_only ON event",
                    "ALTER TABLE event DISABLE TRIGGER ALL",
                    "DELETE FROM head",
                    "CREATE TABLE mine (a int)")) {
                assertThatThrownBy(() -> service.createStatement().execute(change))
                        .as(change)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    private CommandHandler<Add, Tally, Added, Full> handler(Pool connections) {
        return new CommandHandler<>(
                store, connections, new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> refused.incrementAndGet());
    }

    private AppendOutcome append(Pool connections, StreamAppend... appends) {
        return append(connections, Instant.now(), appends);
    }

    private AppendOutcome append(Pool connections, Instant loadedAt, StreamAppend... appends) {
        return store.append(connections, List.of(appends), loadedAt).await().atMost(PATIENCE);
    }

    private static StreamAppend at(String streamId, long expectedVersion) {
        return Tally.append(streamId, expectedVersion, 1);
    }

    private List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> stream + "-" + i).toList();
    }

    private long count(String table) {
        return one("SELECT count(*) FROM " + table + " WHERE stream_id = $1", stream)
                .getLong(0);
    }

    private static Row one(String sql, Object... parameters) {
        return pool.preparedQuery(sql)
                .execute(Tuple.from(List.of(parameters)))
                .await()
                .atMost(PATIENCE)
                .iterator()
                .next();
    }
}
