package tap.eventsourcing.witness;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Bell;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.RecordsToEnd;

/**
 * Vouches for the database. Every append requires that the {@code witness} row names the running PostgreSQL; it is written when
 * every record of the own topics, from the end offsets that the relay stored with its cursor to the end, is found in the store. A
 * database that was restored from a backup, promoted from a lagging standby or emptied lacks some, and takes no appends. The relay
 * publishes by the same row: a cursor that moved before the look would hide what lies behind it.
 */
public final class Witness implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Witness.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    // The relay stands still until the run is found complete, so nobody waits long for being asked.
    private static final Duration UNASKED = Duration.ofSeconds(1);

    private static final String RUN = """
            SELECT pg_postmaster_start_time() AS run, coalesce((SELECT ends FROM relay_cursor), '{}')::text AS ends,
              EXISTS (SELECT FROM witness WHERE run = pg_postmaster_start_time()) AS vouched,
              EXISTS (SELECT FROM witness WHERE run = 'infinity') AS restoring,
              EXISTS (SELECT FROM event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS foreign_xids""";

    // The run that was looked at, not the one that is: PostgreSQL may have been started anew meanwhile. 'infinity' is
    // no
    // run: a restore has begun, and only its end makes this database complete.
    private static final String VOUCH = """
            INSERT INTO witness (run) VALUES ($1)
            ON CONFLICT (one) DO UPDATE SET run = excluded.run WHERE witness.run <> 'infinity'""";

    private static final String FIRST_MISSING = """
            SELECT r.stream_id, r.version
              FROM unnest($1::text[], $2::bigint[], $3::uuid[]) r(stream_id, version, event_id)
              LEFT JOIN event e ON e.stream_id = r.stream_id AND e.version = r.version AND e.event_id = r.event_id
             WHERE e.stream_id IS NULL LIMIT 1""";

    private final Broker broker;
    private final Pool pool;
    private final Collection<String> ownTopics;
    private final String prefix;
    private final Bell bell = new Bell();
    private final AtomicReference<CompletableFuture<WitnessState>> next =
            new AtomicReference<>(new CompletableFuture<>());
    private final Thread thread;
    private volatile WitnessState state = new WitnessState.Unknown("not looked yet");
    private @Nullable OffsetDateTime lostRun;
    private volatile boolean started;
    private volatile boolean closed;

    /**
     * @param ownTopics topics that carry every event of this service, without prefix
     * @param prefix the deployment's topic prefix
     * @param meters where {@code tap.witness.state} is shown
     */
    public Witness(Broker broker, Pool pool, Collection<String> ownTopics, String prefix, MeterRegistry meters) {
        this.broker = broker;
        this.pool = pool;
        this.ownTopics = ownTopics.stream().map(topic -> prefix + topic).toList();
        this.prefix = prefix;
        this.thread = Thread.ofPlatform().daemon().name("witness").unstarted(this::run);
        Gauge.builder("tap.witness.state", this, witness -> number(witness.state))
                .description("1 this database is complete, 0 not yet known, -1 it has lost the past: restore it")
                .register(meters);
    }

    /** Looks now, and in the background again and again until something definite is known. */
    public synchronized Uni<WitnessState> ensure() {
        CompletableFuture<WitnessState> look = next.get();
        if (!started) {
            started = true;
            thread.start();
        }
        bell.ring();
        return Uni.createFrom().completionStage(() -> look);
    }

    /** Says that an append was refused: looks whether PostgreSQL was started anew. Returns at once. */
    public void suspect() {
        bell.ring();
    }

    /** What was found last. */
    public WitnessState state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
        thread.interrupt();
    }

    private void run() {
        while (!closed) {
            CompletableFuture<WitnessState> look = next.getAndSet(new CompletableFuture<>());
            tell(look());
            look.complete(state);
            try {
                bell.await(state instanceof WitnessState.Complete ? UNASKED : AGAIN);
            } catch (InterruptedException closing) {
                return;
            }
        }
    }

    private void tell(WitnessState found) {
        if (!found.equals(state)) {
            switch (found) {
                case WitnessState.Complete complete ->
                    LOG.info("witness: this database holds everything that was published");
                case WitnessState.Unknown unknown ->
                    LOG.warnf("witness: not yet known whether this database is complete: %s", unknown.reason());
                case WitnessState.Lost lost ->
                    LOG.errorf("witness: this database has lost the past; only restore helps: %s", lost.reason());
            }
        }
        state = found;
    }

    private WitnessState look() {
        try {
            Row row = await(pool.query(RUN).execute()).iterator().next();
            OffsetDateTime run = row.getOffsetDateTime("run");
            if (row.getBoolean("vouched")) {
                return new WitnessState.Complete();
            }
            if (row.getBoolean("restoring")) {
                return new WitnessState.Lost("a restore was begun and has not ended");
            }
            // What a run has lost it does not find again: the topics are not read over and over.
            if (run.equals(lostRun) && state instanceof WitnessState.Lost) {
                return state;
            }
            Optional<String> lost = row.getBoolean("foreign_xids")
                    ? Optional.of(
                            "its events have transaction ids of another PostgreSQL cluster, as after a logical dump")
                    : missing(new JsonObject(row.getString("ends")));
            if (lost.isEmpty()) {
                return vouch(run);
            }
            lostRun = run;
            return new WitnessState.Lost(lost.get());
        } catch (RuntimeException passing) {
            return new WitnessState.Unknown(passing.toString());
        }
    }

    private WitnessState vouch(OffsetDateTime run) {
        int written = await(pool.preparedQuery(VOUCH).execute(Tuple.of(run))).rowCount();
        return written == 1
                ? new WitnessState.Complete()
                : new WitnessState.Lost("a restore was begun and has not ended");
    }

    private Optional<String> missing(JsonObject reached) {
        try (RecordsToEnd unseen = new RecordsToEnd(
                broker.bootstrapServers(),
                ownTopics,
                (partition, beginning, end) -> from(reached(reached, partition), beginning, end),
                "witness")) {
            while (unseen.more()) {
                Optional<String> missing = firstMissing(unseen.next().stream()
                        .map(published -> CloudEventRecords.message(published, prefix))
                        .toList());
                if (missing.isPresent()) {
                    return missing;
                }
            }
            return Optional.empty();
        }
    }

    // One before what the cursor reached: a log that was emptied beside its cursor is found by it. A cursor beyond the
    // end
    // says nothing about a topic that was made anew.
    private static long from(long reached, long beginning, long end) {
        return reached > end ? beginning : Math.max(beginning, reached - 1);
    }

    private Optional<String> firstMissing(List<Message> records) {
        Tuple parameters = Tuple.tuple()
                .addArrayOfString(records.stream().map(Message::streamId).toArray(String[]::new))
                .addArrayOfLong(records.stream().map(Message::version).toArray(Long[]::new))
                .addArrayOfUUID(records.stream().map(Message::eventId).toArray(UUID[]::new));
        for (Row row : await(pool.preparedQuery(FIRST_MISSING).execute(parameters))) {
            return Optional.of("missing: stream " + row.getString("stream_id") + " version " + row.getLong("version"));
        }
        return Optional.empty();
    }

    private long reached(JsonObject reached, TopicPartition partition) {
        return reached.getLong(partition.topic().substring(prefix.length()) + "/" + partition.partition(), 0L);
    }

    private static int number(WitnessState state) {
        return switch (state) {
            case WitnessState.Complete complete -> 1;
            case WitnessState.Unknown unknown -> 0;
            case WitnessState.Lost lost -> -1;
        };
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
