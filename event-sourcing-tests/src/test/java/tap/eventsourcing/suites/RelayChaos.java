package tap.eventsourcing.suites;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.AppendOutcome;
import tap.eventsourcing.Handled;
import tap.eventsourcing.relay.LogCursor;
import tap.eventsourcing.relay.LogOrder;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.witness.Witness;
import tap.eventsourcing.witness.WitnessState;
import tap.localstack.infrastructure.Directories;
import tap.localstack.infrastructure.Durability;
import tap.localstack.infrastructure.PostgresProcess;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.awaitility.Awaitility.await;

/**
 * Everything at once against the relay: racing writers, transactions held open, rollbacks, several events a command; relays that
 * are killed, and frozen past their lease and continued; the database killed and started again. Has a PostgreSQL of its own.
 */
final class RelayChaos implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final int STREAMS = 200;
    private static final int MOST_HELD_MILLISECONDS = 500;

    private static final String VERSION = """
            SELECT coalesce((SELECT version FROM head WHERE stream_id = $1), 0) AS version, tap_now() AS now""";

    private static final String CURSOR = """
            SELECT previous::text AS previous, target::text AS target, coalesce(last_seq, 0) AS last_seq
              FROM relay_cursor""";

    private static final String HOLDER = "SELECT holder FROM relay_lease WHERE until > tap_now()";

    private final Path folder;
    private PostgresProcess postgres;

    /** Starts the PostgreSQL, fsync on. */
    RelayChaos() {
        try {
            folder = Files.createTempDirectory("tap-relay-chaos");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres = PostgresProcess.start(folder.resolve("postgres"), 0, Durability.FULL);
    }

    /** Plays one run on a database and a topic of its own, and judges it when everything is published. */
    Outcome play(Plan plan) throws InterruptedException {
        try (Run run = new Run(plan)) {
            return run.play();
        }
    }

    @Override
    public void close() {
        postgres.kill();
        try {
            Directories.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is done to the pipeline. */
    enum Harm {
        KILL_RELAY,
        FREEZE_RELAY,
        KILL_DATABASE
    }

    /**
     * A run.
     *
     * @param seed of all randomness but the scheduling
     * @param load how long writers write at least; harms that were begun are finished
     * @param writers how many write at a time
     * @param order how the relays read the log
     * @param harms each is done at least once, then again in random order while the load lasts
     */
    record Plan(long seed, Duration load, int writers, LogOrder order, Set<Harm> harms) {}

    /**
     * What came of it.
     *
     * @param verdict of the topic against the store
     * @param lost ids of acknowledged events that are not in the store
     * @param survived how often each harm was done
     */
    record Outcome(PublishedStreams.Verdict verdict, Set<UUID> lost, Map<Harm, Integer> survived) {}

    private final class Run implements AutoCloseable {
        private final Plan plan;
        private final Random random;
        private final TallyService service;
        private final Broker broker;
        private final Witness witness;
        private final List<ChildRelay> relays = new ArrayList<>();
        private final Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
        private final Map<Harm, Integer> survived = new TreeMap<>();
        private @Nullable Relay here;
        private volatile boolean over;
        private int pods;

        Run(Plan plan) {
            this.plan = plan;
            this.random = new Random(plan.seed);
            this.service = new TallyService(
                    TestDatabase.create(postgres, "chaos", TestDatabase.EVENT_SOURCING),
                    TestTopics.create("chaos", TallyService.TALLIES),
                    plan.writers + 2);
            this.broker = new Broker(service.topics.bootstrap());
            this.witness = new Witness(
                    broker,
                    service.pool,
                    List.of(TallyService.TALLIES.name()),
                    service.topics.prefix(),
                    service.meters);
        }

        Outcome play() throws InterruptedException {
            vouch();
            if (plan.harms.isEmpty()) {
                startHere();
            } else {
                start();
                start();
            }
            commitLate();
            appendToAStreamUnderAnOldTransactionId();
            long until = System.nanoTime() + plan.load.toNanos();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> writers = new ArrayList<>();
                for (int i = 0; i < plan.writers; i++) {
                    Random own = new Random(random.nextLong());
                    writers.add(threads.submit(() -> write(own)));
                }
                try {
                    harmUntil(until);
                } finally {
                    over = true;
                }
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
            long begun = System.nanoTime();
            awaitAllRead();
            System.out.printf("rest published: %d ms%n", (System.nanoTime() - begun) / 1_000_000);
            PublishedStreams.Verdict verdict = PublishedStreams.judge(service, TallyService.TALLIES);
            Set<UUID> lost = new HashSet<>(acknowledged);
            lost.removeAll(verdict.stored());
            return new Outcome(verdict, lost, survived);
        }

        /** What loses an event under a cursor on {@code seq}: the first to take a number is the last to commit. */
        private void commitLate() {
            SqlConnection late = get(service.pool.getConnection());
            get(late.begin());
            get(append(late, "late", 1));
            service.added("early");
            awaitAllRead();
            get(late.query("COMMIT").execute());
            late.closeAndAwait();
        }

        /** What reorders a stream under a cursor on {@code (xid, seq)}: the later version has the smaller transaction id. */
        private void appendToAStreamUnderAnOldTransactionId() {
            SqlConnection old = get(service.pool.getConnection());
            get(old.begin());
            get(old.query("SELECT pg_current_xact_id()").execute());
            service.added("crossed");
            get(append(old, "crossed", 1));
            get(old.query("COMMIT").execute());
            old.closeAndAwait();
        }

        private void write(Random own) {
            while (!over) {
                String stream = "stream-" + own.nextInt(STREAMS);
                Duration held = Duration.ofMillis(own.nextInt(MOST_HELD_MILLISECONDS));
                int events = 1 + own.nextInt(4);
                try {
                    switch (own.nextInt(16)) {
                        case 0 -> get(held(stream, events, Duration.ZERO, held, false));
                        case 1 -> get(held(stream, events, held, Duration.ZERO, false));
                        case 2 -> get(held(stream, events, Duration.ZERO, held, true));
                        case 3 -> get(held(stream, events, Duration.ZERO, Duration.ZERO, false));
                        default -> plain(stream);
                    }
                } catch (RuntimeException refusedRolledBackOrAway) {
                    // what a client would do: not hammer a database that is starting
                    get(Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(20)));
                }
            }
        }

        private void plain(String stream) {
            if (get(service.add(stream)) instanceof Handled.Accepted<Tally, Added, ?> accepted) {
                accepted.events().forEach(event -> acknowledged.add(event.eventId()));
            }
        }

        // The transaction has its id from the beginning, so that it may be older than what it appends to.
        private Uni<Void> held(String stream, int events, Duration before, Duration after, boolean rollBack) {
            return service.pool
                    .withTransaction(transaction -> transaction
                            .query("SELECT pg_current_xact_id()")
                            .execute()
                            .onItem()
                            .delayIt()
                            .by(before.plusMillis(1))
                            .flatMap(begun -> append(transaction, stream, events))
                            .onItem()
                            .delayIt()
                            .by(after.plusMillis(1))
                            .invoke(appended -> {
                                if (rollBack) {
                                    throw new RolledBack();
                                }
                            }))
                    .invoke(acknowledged::addAll)
                    .replaceWithVoid();
        }

        private Uni<List<UUID>> append(SqlConnection transaction, String stream, int events) {
            return transaction
                    .preparedQuery("SELECT FROM head WHERE stream_id = $1 FOR UPDATE")
                    .execute(Tuple.of(stream))
                    .flatMap(locked -> transaction.preparedQuery(VERSION).execute(Tuple.of(stream)))
                    .flatMap(rows -> {
                        Row row = rows.iterator().next();
                        Instant now = row.getOffsetDateTime("now").toInstant();
                        return service.store.append(
                                transaction, List.of(Tally.append(stream, row.getLong("version"), events)), now);
                    })
                    .map(outcome -> switch (outcome) {
                        case AppendOutcome.Done done -> done.appended().eventIds();
                        case AppendOutcome.Conflict conflict -> throw new RolledBack();
                        case AppendOutcome.Refused refused -> throw new RolledBack();
                    });
        }

        private void harmUntil(long until) {
            List<Harm> next = new ArrayList<>();
            while (survived.size() < plan.harms.size() || System.nanoTime() < until) {
                get(Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(100 + random.nextInt(400))));
                if (plan.harms.isEmpty()) {
                    continue;
                }
                if (next.isEmpty()) {
                    next.addAll(plan.harms);
                    Collections.shuffle(next, random);
                }
                Harm harm = next.removeLast();
                long begun = System.nanoTime();
                switch (harm) {
                    case KILL_RELAY -> {
                        ChildRelay victim = publisher();
                        victim.kill();
                        relays.remove(victim);
                        start();
                    }
                    case FREEZE_RELAY -> {
                        ChildRelay victim = publisher();
                        victim.freeze();
                        try {
                            await().atMost(PATIENCE).until(() -> publisher() != victim);
                        } finally {
                            victim.thaw();
                        }
                    }
                    case KILL_DATABASE -> {
                        int port = postgres.port();
                        postgres.kill();
                        postgres = PostgresProcess.start(folder.resolve("postgres"), port, Durability.FULL);
                        vouch();
                    }
                }
                publisher();
                survived.merge(harm, 1, Integer::sum);
                System.out.printf("%s: %d ms%n", harm, (System.nanoTime() - begun) / 1_000_000);
            }
        }

        // nothing needs to be killed: a JVM of its own would only cost its start
        private void startHere() {
            here = plan.order.relay(
                    service.options("here"), service.pool, service.publication, new SimpleMeterRegistry());
            here.start();
        }

        private void start() {
            pods++;
            relays.add(ChildRelay.start(folder, "pod-" + pods, service, LEASE, plan.order));
        }

        private void vouch() {
            await().atMost(PATIENCE)
                    .until(() -> get(witness.ensure()).equals(new WitnessState.Complete())
                            && Boolean.TRUE.equals(get(service.pool
                                    .query("SELECT run = pg_postmaster_start_time() AS vouched FROM witness")
                                    .execute()
                                    .map(rows -> rows.iterator().next().getBoolean("vouched")))));
        }

        private ChildRelay publisher() {
            List<ChildRelay> found = new ArrayList<>();
            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                found.clear();
                for (Row row : get(service.pool.query(HOLDER).execute())) {
                    relays.stream()
                            .filter(relay -> row.getString("holder").startsWith(relay.pod() + "/"))
                            .forEach(found::add);
                }
                return !found.isEmpty();
            });
            return found.getFirst();
        }

        // A naive order says so too when it has lost something: it does not know.
        private void awaitAllRead() {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreExceptions()
                    .until(() -> {
                        Row row = get(service.pool.query(CURSOR).execute())
                                .iterator()
                                .next();
                        LogCursor cursor = new LogCursor(
                                row.getString("previous"), row.getString("target"), row.getLong("last_seq"));
                        return cursor.target() == null
                                && get(plan.order.read(service.pool, cursor, 1))
                                        .events()
                                        .isEmpty();
                    });
        }

        private <T> T get(Uni<T> uni) {
            return uni.await().atMost(PATIENCE);
        }

        @Override
        public void close() {
            over = true;
            relays.forEach(ChildRelay::kill);
            if (here != null) {
                here.close();
            }
            witness.close();
            broker.close();
            service.close();
        }
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
