package tap.eventsourcing.witness;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import tap.eventsourcing.Bell;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.Broker;

/**
 * Vouches for the database. Every append requires that the {@code witness} row names the running PostgreSQL; it is written when
 * every record of the own topics, from the end offsets that the relay stored with its cursor to the end, is found in the store. A
 * database that was restored from a backup, promoted from a lagging standby or emptied lacks some, and takes no appends.
 */
public final class Witness implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Witness.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration UNASKED = Duration.ofSeconds(10);

    private static final String RUN = """
            SELECT pg_postmaster_start_time() AS run, (SELECT ends::text FROM relay_cursor) AS ends,
              EXISTS (SELECT FROM witness WHERE run = pg_postmaster_start_time()) AS vouched""";

    // The run that was looked at, not the one that is: PostgreSQL may have been started anew meanwhile.
    private static final String VOUCH =
            "INSERT INTO witness (run) VALUES ($1) ON CONFLICT (one) DO UPDATE SET run = excluded.run";

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
    private volatile boolean started;
    private volatile boolean closed;

    /**
     * @param ownTopics topics that carry every event of this service, without prefix
     * @param prefix the deployment's topic prefix
     */
    public Witness(Broker broker, Pool pool, Collection<String> ownTopics, String prefix) {
        this.broker = broker;
        this.pool = pool;
        this.ownTopics = ownTopics.stream().map(topic -> prefix + topic).toList();
        this.prefix = prefix;
        this.thread = Thread.ofPlatform().daemon().name("witness").unstarted(this::run);
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
                    LOG.errorf(
                            "witness: this database has lost the past; only restore helps. Missing: %s", lost.reason());
            }
        }
        state = found;
    }

    private WitnessState look() {
        try {
            Row row = await(pool.query(RUN).execute()).iterator().next();
            if (row.getBoolean("vouched")) {
                return new WitnessState.Complete();
            }
            return missing(new JsonObject(row.getString("ends")))
                    .<WitnessState>map(WitnessState.Lost::new)
                    .orElseGet(() -> vouch(row.getOffsetDateTime("run")));
        } catch (RuntimeException passing) {
            return new WitnessState.Unknown(passing.toString());
        }
    }

    private WitnessState vouch(OffsetDateTime run) {
        await(pool.preparedQuery(VOUCH).execute(Tuple.of(run)));
        return new WitnessState.Complete();
    }

    private Optional<String> missing(JsonObject reached) {
        Map<TopicPartition, Long> ends = await(broker.endOffsets(ownTopics));
        try (UnseenRecords unseen = new UnseenRecords(broker.bootstrapServers(), prefix)) {
            unseen.seek(partition -> reached(reached, partition), ends);
            while (unseen.more()) {
                Optional<String> missing = firstMissing(unseen.next());
                if (missing.isPresent()) {
                    return missing;
                }
            }
            return Optional.empty();
        }
    }

    private Optional<String> firstMissing(List<Message> records) {
        Tuple parameters = Tuple.of(
                records.stream().map(Message::streamId).toArray(String[]::new),
                records.stream().map(Message::version).toArray(Long[]::new),
                records.stream().map(Message::eventId).toArray(UUID[]::new));
        for (Row row : await(pool.preparedQuery(FIRST_MISSING).execute(parameters))) {
            return Optional.of(row.getString("stream_id") + " version " + row.getLong("version"));
        }
        return Optional.empty();
    }

    private long reached(JsonObject reached, TopicPartition partition) {
        return reached.getLong(partition.topic().substring(prefix.length()) + "/" + partition.partition(), 0L);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }
}
