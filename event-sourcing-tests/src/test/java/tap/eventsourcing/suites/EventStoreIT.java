package tap.eventsourcing.suites;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.PoolOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.eventsourcing.AppendOutcome;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.Past;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Counted;
import tap.eventsourcing.suites.Tally.Full;
import tap.testkit.faults.SkewedClock;
import tap.testkit.infrastructure.StatementCounter;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EventStoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Metadata METADATA = new Metadata("actor", "correlation", "causation");

    private static TestDatabase database;
    private static Pool pool;

    private final EventStore store = new EventStore();
    private final AtomicInteger refused = new AtomicInteger();
    private final CommandHandler<Add, Tally, Added, Full> handler = handler(1);
    private final String stream = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        database =
                TestDatabase.create("event_store", TestDatabase.EVENT_SOURCING).witnessed();
        pool = database.pool(16);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Nested
    class Commands {
        @Test
        void an_accepted_command_stores_its_event_and_moves_the_head() {
            var accepted = accepted(add(stream, 5));

            assertThat(accepted.state()).isEqualTo(new Counted(1));
            assertThat(accepted.events()).singleElement().satisfies(recorded -> {
                assertThat(recorded.version()).isEqualTo(1);
                assertThat(recorded.event()).isEqualTo(new Added(1, null));
            });
            Row event = one("SELECT *, payload::text AS text FROM event WHERE stream_id = $1", stream);
            assertThat(event.getUUID("event_id"))
                    .isEqualTo(accepted.events().getFirst().eventId());
            assertThat(event.getUUID("event_id").version()).isEqualTo(7);
            assertThat(event.getString("type")).isEqualTo("added.v1");
            assertThat(event.getString("text")).isEqualTo("{\"total\":1}");
            assertThat(event.getString("actor")).isEqualTo("actor");
            assertThat(event.getString("correlation_id")).isEqualTo("correlation");
            assertThat(event.getString("causation_id")).isEqualTo("causation");
            assertThat(event.getString("partition_key")).isEqualTo("key");
            assertThat(event.getOffsetDateTime("occurred_at").toInstant()).isEqualTo(accepted.now());
            assertThat(event.getLong("seq")).isEqualTo(accepted.appended().lastSeq());
            Row head = one("SELECT * FROM head WHERE stream_id = $1", stream);
            assertThat(head.getLong("version")).isEqualTo(1);
            assertThat(head.getJsonObject("state").getInteger("total")).isEqualTo(1);
        }

        @Test
        void a_rejected_command_stores_nothing() {
            assertThat(add(stream, 0))
                    .isInstanceOfSatisfying(
                            Handled.Rejected.class,
                            rejected -> assertThat(rejected.rejection()).isEqualTo(new Full(0)));
            assertThat(count("event")).isZero();
            assertThat(count("head")).isZero();
        }

        @Test
        void a_sealed_part_is_kept_beside_the_payload() {
            SealedPart mark = SealedPart.of("secret".getBytes(StandardCharsets.UTF_8));
            handle(handler, stream, new Add(5, mark));
            add(stream, 5);

            assertThat(one("SELECT sealed FROM event WHERE stream_id = $1 AND version = 1", stream)
                            .getBuffer(0)
                            .getBytes())
                    .isEqualTo(mark.bytes());
            assertThat(one("SELECT sealed FROM event WHERE stream_id = $1 AND version = 2", stream)
                            .getBuffer(0))
                    .isNull();
        }

        @Test
        void time_never_runs_backwards_in_a_stream() {
            try (TestDatabase skewed = TestDatabase.create("skewed", TestDatabase.EVENT_SOURCING)
                            .witnessed();
                    SkewedClock clock = SkewedClock.of(skewed)) {
                Pool connections = skewed.pool(2);
                var decided = new CommandHandler<>(
                        store, connections, new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> {});
                Instant first = accepted(handle(decided, stream, new Add(5))).now();
                clock.skew(Duration.ofHours(-1));
                assertThat(accepted(handle(decided, stream, new Add(5))).now()).isEqualTo(first);
                assertThat(accepted(handle(decided, UUID.randomUUID().toString(), new Add(5)))
                                .now())
                        .isBefore(first);
            }
        }

        @Test
        void a_database_that_only_reads_is_away_as_a_demoted_primary_is() {
            Vertx vertx = Vertx.vertx();
            Pool standby = Pool.pool(
                    vertx,
                    database.connectOptions().addProperty("default_transaction_read_only", "on"),
                    new PoolOptions().setMaxSize(1));
            try {
                assertThatThrownBy(() -> handle(handler(standby, 1), stream, new Add(5)))
                        .isInstanceOf(Unavailable.class);
            } finally {
                standby.closeAndAwait();
                vertx.closeAndAwait();
            }
            assertThat(count("event")).isZero();
        }

        @Test
        void an_accepted_command_costs_two_statements_and_a_rejected_one_costs_one() {
            add(UUID.randomUUID().toString(), 5);
            try (StatementCounter counter = StatementCounter.of(database)) {
                add(stream, 5);
                assertThat(counter.total()).as(counter.statements().toString()).isEqualTo(2);
                counter.restart();
                add(stream, 5);
                assertThat(counter.total()).as(counter.statements().toString()).isEqualTo(2);
                counter.restart();
                add(stream, 2);
                assertThat(counter.total()).as(counter.statements().toString()).isEqualTo(1);
            }
        }
    }

    @Nested
    class Races {
        @Test
        void racing_writers_of_one_stream_all_get_through() {
            int writers = 64;
            List<Handled<Tally, Added, Full>> outcomes = race(writers, writers);

            assertThat(outcomes.stream()
                            .map(EventStoreIT::accepted)
                            .map(accepted ->
                                    accepted.events().getFirst().event().total()))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, writers).boxed().toList());
            assertThat(one("SELECT version FROM head WHERE stream_id = $1", stream)
                            .getLong(0))
                    .isEqualTo(writers);
            assertThat(count("event")).isEqualTo(writers);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 10})
        void a_limit_of_n_admits_exactly_n(int limit) {
            List<Handled<Tally, Added, Full>> outcomes = race(64, limit);

            assertThat(outcomes.stream().filter(outcome -> outcome instanceof Handled.Accepted))
                    .hasSize(limit);
            assertThat(outcomes.stream().filter(outcome -> outcome instanceof Handled.Rejected))
                    .hasSize(64 - limit);
            assertThat(count("event")).isEqualTo(limit);
        }

        @Test
        void racing_writers_of_several_pods_that_come_again_and_again_see_no_failure() {
            int pods = 3;
            int writersOfEach = 20;
            int commandsOfEach = 4;
            List<Uni<List<Handled<Tally, Added, Full>>>> writers = new ArrayList<>();
            for (int pod = 0; pod < pods; pod++) {
                // with the services' time-outs: waiting for its turn is no reason for a command to fail
                var handlerOfPod = handler(database.poolOfPod(16), 1);
                for (int i = 0; i < writersOfEach; i++) {
                    Load<Row> load = Load.head(stream);
                    writers.add(Multi.createFrom()
                            .range(0, commandsOfEach)
                            .onItem()
                            .transformToUniAndConcatenate(n -> handlerOfPod.handle(
                                    load, loaded -> Uni.createFrom().item(new Add(Integer.MAX_VALUE)), METADATA))
                            .collect()
                            .asList());
                }
            }
            List<Integer> totals = Uni.join().all(writers).andCollectFailures().await().atMost(PATIENCE).stream()
                    .flatMap(List::stream)
                    .map(handled ->
                            accepted(handled).events().getFirst().event().total())
                    .toList();

            assertThat(totals)
                    .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, pods * writersOfEach * commandsOfEach)
                            .boxed()
                            .toList());
        }

        private List<Handled<Tally, Added, Full>> race(int writers, int limit) {
            return Multi.createFrom()
                    .range(0, writers)
                    .onItem()
                    .transformToUni(i -> handling(handler, stream, new Add(limit)))
                    .merge(writers)
                    .collect()
                    .asList()
                    .await()
                    .atMost(PATIENCE);
        }
    }

    @Nested
    class Heads {
        @Test
        void a_head_of_another_state_version_is_folded_anew_from_the_events() throws SQLException {
            int events = 1_500; // more than one page of the fold
            assertThat(store.append(pool, List.of(Tally.append(stream, 0, events)), Instant.now())
                            .await()
                            .atMost(PATIENCE))
                    .isInstanceOf(AppendOutcome.Done.class);
            try (var owner = database.connectAsOwner();
                    var spoil = owner.prepareStatement(
                            "UPDATE head SET state = '{\"is\":\"Counted\",\"total\":7}' WHERE stream_id = ?")) {
                spoil.setString(1, stream);
                assertThat(spoil.executeUpdate()).isEqualTo(1);
            }

            assertThat(accepted(handle(handler(2), stream, new Add(9_999))).state())
                    .isEqualTo(new Counted(events + 1));
            assertThat(one("SELECT state_version FROM head WHERE stream_id = $1", stream)
                            .getInteger(0))
                    .isEqualTo(2);
        }

        @Test
        void a_head_of_the_same_state_version_is_taken_as_it_is() throws SQLException {
            add(stream, 5);
            try (var owner = database.connectAsOwner();
                    var change = owner.prepareStatement(
                            "UPDATE head SET state = '{\"is\":\"Counted\",\"total\":7}' WHERE stream_id = ?")) {
                change.setString(1, stream);
                change.executeUpdate();
            }
            assertThat(accepted(add(stream, 9)).state()).isEqualTo(new Counted(8));
        }
    }

    private CommandHandler<Add, Tally, Added, Full> handler(int stateVersion) {
        return handler(pool, stateVersion);
    }

    private CommandHandler<Add, Tally, Added, Full> handler(Pool connections, int stateVersion) {
        return new CommandHandler<>(
                store,
                connections,
                new Tally.Rules(),
                Tally.EVENTS,
                Tally.states(stateVersion),
                () -> refused.incrementAndGet());
    }

    private Handled<Tally, Added, Full> add(String streamId, int limit) {
        return handle(handler, streamId, new Add(limit));
    }

    @Nested
    class The_past {
        @Test
        void a_stream_is_asked_what_it_was_at_any_moment() {
            List<Instant> moments = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                moments.add(accepted(add(stream, 5)).now());
            }
            assertThat(past(moments.getFirst().minusNanos(1)).version()).isZero();
            assertThat(past(moments.getFirst().minusNanos(1)).state()).isEqualTo(new Tally.Rules().initial());
            for (int i = 0; i < 5; i++) {
                long version = moments.lastIndexOf(moments.get(i)) + 1L;
                assertThat(past(moments.get(i)).version()).isEqualTo(version);
                assertThat(past(moments.get(i)).state()).isEqualTo(new Counted((int) version));
                // less than the database's clock can tell apart
                assertThat(past(moments.get(i).plusNanos(999)).version()).isEqualTo(version);
            }
        }

        @Test
        void what_was_decided_in_the_last_five_seconds_is_not_past() {
            Instant now = accepted(add(stream, 5)).now();
            assertThat(past(now).settled()).isBefore(now).isAfter(now.minusSeconds(6));
        }

        private Past<Tally> past(Instant moment) {
            return handler.asOf(stream, moment).await().atMost(PATIENCE);
        }
    }

    private static Handled<Tally, Added, Full> handle(
            CommandHandler<Add, Tally, Added, Full> by, String streamId, Add command) {
        return handling(by, streamId, command).await().atMost(PATIENCE);
    }

    private static Uni<Handled<Tally, Added, Full>> handling(
            CommandHandler<Add, Tally, Added, Full> by, String streamId, Add command) {
        return by.handle(Load.head(streamId), loaded -> Uni.createFrom().item(command), METADATA);
    }

    private static Handled.Accepted<Tally, Added, Full> accepted(Handled<Tally, Added, Full> handled) {
        return switch (handled) {
            case Handled.Accepted<Tally, Added, Full> accepted -> accepted;
            case Handled.Rejected<Tally, Added, Full> rejected -> throw new AssertionError(rejected.toString());
        };
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
