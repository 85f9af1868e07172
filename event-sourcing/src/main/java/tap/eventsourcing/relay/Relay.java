package tap.eventsourcing.relay;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Bell;

/**
 * Publishes the log: the event table is the outbox. One pod of a service has the lease and publishes; the others stand by.
 *
 * <p>The promise: after dropping {@code (stream, version)} already seen, every stream is complete and in order on its topics, also
 * after a crash at any instant and with a relay that was frozen past its lease. The cursor moves after Kafka's acknowledgement, so
 * a restart repeats, and never skips. Runs on a thread of its own, and keeps one connection of the pool.
 */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Relay.class);
    private static final Duration BUSY = Duration.ofMillis(2);
    private static final Duration IDLE = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(2);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final String END = "SELECT coalesce(max(seq), 0) AS newest, tap_now() AS now FROM event";

    private final RelayOptions options;
    private final Pool pool;
    private final Publication publication;
    private final Reading log;
    private final Lease lease;
    private final Bell bell = new Bell();
    private final List<Consumer<List<Published>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final Counter published;
    private final Counter restarts;
    private final Lag lag = new Lag();
    private volatile boolean holdsLease;
    private volatile @Nullable String leaseHolder;
    private volatile @Nullable String failure;
    private volatile boolean closed;
    private long renewAt;
    private long lookAt;
    private long newest;
    private long furthestRead;

    /** @param meters where lag, lease and counts are shown, all named {@code tap.relay.…} */
    public Relay(RelayOptions options, Pool pool, Publication publication, MeterRegistry meters) {
        this(options, pool, publication, meters, Reading.BY_SNAPSHOT);
    }

    /** As the other one, with another way to read the log: how tests show that naive cursors lose and reorder. */
    Relay(RelayOptions options, Pool pool, Publication publication, MeterRegistry meters, Reading log) {
        this.options = options;
        this.pool = pool;
        this.publication = publication;
        this.log = log;
        // the process is named too: a pod that was restarted is another holder, with another epoch
        this.lease = new Lease(options.podId() + "/" + UUID.randomUUID(), options.leaseDuration());
        this.thread = Thread.ofPlatform().daemon().name("relay").unstarted(this::run);
        this.published = Counter.builder("tap.relay.published")
                .baseUnit("events")
                .description("Events that Kafka has acknowledged")
                .register(meters);
        this.restarts = Counter.builder("tap.relay.restarts")
                .description("Starts from the stored cursor after a failure")
                .register(meters);
        Gauge.builder(
                        "tap.relay.lag",
                        lag,
                        known -> known.events().stream()
                                .asDoubleStream()
                                .findFirst()
                                .orElse(Double.NaN))
                .baseUnit("events")
                .description("Events not yet acknowledged by Kafka; NaN in a pod that stands by, which does not know")
                .register(meters);
        TimeGauge.builder(
                        "tap.relay.lag.time",
                        lag,
                        TimeUnit.SECONDS,
                        known ->
                                known.time().map(age -> age.toMillis() / 1000.0).orElse(Double.NaN))
                .description("Age of the oldest event not yet acknowledged; NaN in a pod that stands by")
                .register(meters);
        Gauge.builder("tap.relay.lease", this, relay -> relay.holdsLease ? 1 : 0)
                .description("1 in the pod that publishes")
                .register(meters);
    }

    /** Starts the relay's thread; returns at once. */
    public void start() {
        thread.start();
    }

    /** Says that events were committed in this process. Returns at once; may be called from any thread. */
    public void wake() {
        if (holdsLease) {
            bell.ring();
        }
    }

    /**
     * Asks to be told of each batch that Kafka acknowledged; must return at once. Only the pod with the lease publishes, and after
     * a restart it may tell of an event again.
     */
    public void onPublished(Consumer<List<Published>> listener) {
        listeners.add(listener);
    }

    /** Whether this pod publishes. */
    public boolean holdsLease() {
        return holdsLease;
    }

    /** Who has the lease as {@code pod/run}, or had it when this pod last looked; empty before. */
    public Optional<String> leaseHolder() {
        return Optional.ofNullable(leaseHolder);
    }

    /**
     * Age of the oldest committed event that is known not to be published, zero if there is none; empty in a pod that stands by.
     * After a failure it is what this pod knew before, grown older.
     */
    public Optional<Duration> lag() {
        return lag.time();
    }

    /** Why publishing last failed, if it has not succeeded since and no other pod took over. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Waits up to 2 s for the batch in hand, gives the lease back, and ends the thread. */
    @Override
    public void close() {
        closed = true;
        bell.ring();
        try {
            if (thread.isAlive() && !thread.join(FAREWELL)) {
                thread.interrupt();
                thread.join(FAREWELL);
            }
        } catch (InterruptedException interrupted) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!closed) {
            try {
                session(backoff);
            } catch (InterruptedException interrupted) {
                return;
            } catch (RuntimeException failed) {
                restarts.increment();
                failure = failed.getMessage();
                if (backoff.tellsOf(failed)) {
                    LOG.warnf("relay: starts again from its stored cursor after %s", failed);
                }
                LOG.debug("relay failure", failed);
            } finally {
                holdsLease = false;
            }
            try {
                if (!closed) {
                    bell.await(backoff.next());
                }
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    // One connection; whatever fails ends it, and the next begins with the stored cursor.
    private void session(Backoff backoff) throws InterruptedException {
        SqlConnection connection = await(pool.getConnection());
        try {
            await(connection
                    .query(LogReader.SET_PLANS + "; SET synchronous_commit = off; SET statement_timeout = 0")
                    .execute());
            while (!closed) {
                OptionalLong epoch = await(lease.take(connection));
                if (epoch.isPresent()) {
                    publish(connection, epoch.getAsLong(), backoff);
                    holdsLease = false;
                } else {
                    standBy(await(lease.holder(connection)));
                    bell.await(options.leaseDuration().dividedBy(6));
                }
            }
        } finally {
            leave(connection);
        }
    }

    private void standBy(String publisher) {
        leaseHolder = publisher;
        failure = null;
        lag.unknown();
    }

    private void leave(SqlConnection connection) {
        try {
            await(lease.release(connection));
            await(connection.query("RESET ALL").execute());
        } catch (RuntimeException gone) {
            LOG.debug("relay: the lease lapses by itself", gone);
        } finally {
            connection.closeAndForget();
        }
    }

    private void publish(SqlConnection connection, long epoch, Backoff backoff) throws InterruptedException {
        LogCursor cursor = await(lease.adopt(connection, epoch));
        renewed();
        look(connection);
        try (Sender sender = new Sender(options, publication)) {
            holdsLease = true;
            leaseHolder = lease.ownHolder();
            LOG.infof("relay: publishes, epoch %d", epoch);
            long found = System.nanoTime();
            CompletableFuture<Work> ahead = read(connection, cursor);
            while (!closed && keepsLease(connection, epoch)) {
                Work work = get(ahead);
                cursor = work.batch.next();
                if (work.batch.events().isEmpty()) {
                    failure = null;
                    lag.none();
                    cursor = awaitNews(connection, cursor, found);
                    ahead = read(connection, cursor);
                    continue;
                }
                found = System.nanoTime();
                CompletableFuture<Sender.Sent> acknowledged = sender.send(work.batch.events(), work.companions);
                ahead = read(connection, cursor);
                note(connection, work.batch);
                Sender.Sent sent = acknowledged(acknowledged, work.batch, connection, epoch);
                if (sent == null) {
                    return;
                }
                published.increment(sent.events().size());
                listeners.forEach(listener -> listener.accept(sent.events()));
                if (!await(lease.move(connection, epoch, cursor, sent.ends(), options.topicPrefix()))) {
                    LOG.warnf("relay: another pod took over from epoch %d", epoch);
                    return;
                }
                failure = null;
                backoff.reset();
            }
        }
    }

    // Own commits ring; what other pods committed is looked for, the less often the longer nothing was found. Returns
    // the
    // cursor to read from, which goes along with the snapshots in which nothing was new.
    private LogCursor awaitNews(SqlConnection connection, LogCursor cursor, long found) throws InterruptedException {
        LogCursor from = cursor;
        while (true) {
            long quarter = (System.nanoTime() - found) / 4;
            boolean rang = bell.await(Duration.ofNanos(Math.clamp(quarter, BUSY.toNanos(), IDLE.toNanos())));
            if (rang || closed || System.nanoTime() >= renewAt) {
                return from;
            }
            Optional<LogCursor> moved = await(log.nothingSince(connection, from));
            if (moved.isEmpty()) {
                return from;
            }
            from = moved.get();
        }
    }

    private CompletableFuture<Work> read(SqlConnection connection, LogCursor cursor) {
        return log.read(connection, cursor, options.batchSize())
                .flatMap(batch -> batch.events().isEmpty()
                        ? Uni.createFrom().item(new Work(batch, List.of()))
                        : publication
                                .companions(connection, batch.events())
                                .map(companions -> new Work(batch, companions)))
                .subscribeAsCompletionStage();
    }

    private void note(SqlConnection connection, LogReader.Batch batch) {
        furthestRead = Math.max(furthestRead, batch.events().getLast().seq());
        if (System.nanoTime() > lookAt) {
            look(connection);
        }
        lag.behind(
                batch.events().size() + (batch.more() ? unread() : 0),
                batch.events().getFirst().occurredAt());
    }

    // Sequence numbers of rollbacks and of events that were read late make it an estimate.
    private long unread() {
        return Math.max(0, newest - furthestRead);
    }

    private void look(SqlConnection connection) {
        Row row = await(connection.query(END).execute()).iterator().next();
        newest = row.getLong("newest");
        lag.clock(row.getOffsetDateTime("now").toInstant());
        lookAt = System.nanoTime() + LOOK_EVERY.toNanos();
    }

    // Kafka may be away for long: the lease is kept meanwhile, and when it is lost, sending must end at once.
    private Sender.@Nullable Sent acknowledged(
            CompletableFuture<Sender.Sent> acknowledged, LogReader.Batch batch, SqlConnection connection, long epoch)
            throws InterruptedException {
        long farewell = 0;
        while (true) {
            try {
                return acknowledged.get(options.leaseDuration().toMillis() / 6, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                if (!keepsLease(connection, epoch)) {
                    return null;
                }
                look(connection);
                lag.behind(
                        batch.events().size() + unread(),
                        batch.events().getFirst().occurredAt());
                if (closed) {
                    farewell = farewell == 0 ? System.nanoTime() : farewell;
                    if (System.nanoTime() - farewell > FAREWELL.toNanos() / 2) {
                        return null;
                    }
                }
            } catch (ExecutionException failed) {
                throw new IllegalStateException("Kafka: " + failed.getCause(), failed);
            }
        }
    }

    private boolean keepsLease(SqlConnection connection, long epoch) {
        if (System.nanoTime() < renewAt) {
            return true;
        }
        OptionalLong now = await(lease.take(connection));
        renewed();
        return now.isPresent() && now.getAsLong() == epoch;
    }

    private void renewed() {
        renewAt = System.nanoTime() + options.leaseDuration().dividedBy(3).toNanos();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private static <T> T get(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IllegalStateException("PostgreSQL: " + failed.getCause(), failed);
        } catch (TimeoutException late) {
            throw new IllegalStateException("PostgreSQL did not answer within " + PATIENCE, late);
        }
    }

    /** How the log is read. */
    @FunctionalInterface
    interface Reading {
        Reading BY_SNAPSHOT = new Reading() {
            @Override
            public Uni<LogReader.Batch> read(SqlClient client, LogCursor cursor, int limit) {
                return LogReader.read(client, cursor, limit);
            }

            @Override
            public Uni<Optional<LogCursor>> nothingSince(SqlClient client, LogCursor cursor) {
                return LogReader.nothingSince(client, cursor);
            }
        };

        /** Reads the next events after a cursor, at most {@code limit}. */
        Uni<LogReader.Batch> read(SqlClient client, LogCursor cursor, int limit);

        /** The cursor to go on with if it is known that there is nothing to read; who cannot tell reads. */
        default Uni<Optional<LogCursor>> nothingSince(SqlClient client, LogCursor cursor) {
            return Uni.createFrom().item(Optional.empty());
        }
    }

    private record Work(LogReader.Batch batch, List<ProducerRecord<String, byte[]>> companions) {}
}
