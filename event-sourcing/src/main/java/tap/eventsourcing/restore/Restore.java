package tap.eventsourcing.restore;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.RecordsToEnd;

/**
 * Restores a database that has lost the past, whole or in part: every event that was published and is missing is written into the
 * log again, heads are folded, the relay goes on behind them, and the witness vouches. From its first step to the end of its last
 * transaction nobody else can append. Interrupted, it is run again. Blocks its thread.
 *
 * <p>What the followers know needs no care: offsets, copies and {@code received} moved in the same transactions, so a backup has
 * them consistent, and they follow on from there.
 */
public final class Restore {
    private static final Logger LOG = Logger.getLogger(Restore.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEASE_ENDS_WITHIN = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);

    // 'infinity' is no run: appends are refused, relays stand still, and no witness vouches before the end.
    private static final String BEGIN = """
            INSERT INTO witness (run) VALUES ('infinity') ON CONFLICT (one) DO UPDATE SET run = excluded.run""";

    private static final String FOREIGN_XIDS =
            "SELECT EXISTS (SELECT FROM event WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())) AS foreign_xids";

    private static final String LEASED =
            "SELECT until > tap_now() AND until < tap_now() + interval '1 min' AS leased" + " FROM relay_lease";

    // Before anything is written, so that this transaction's own events are none of the snapshot's.
    private static final String UNPUBLISHED = """
            WITH c AS MATERIALIZED (SELECT pg_current_snapshot() AS now, previous FROM relay_cursor)
            SELECT c.now::text AS now, ARRAY(
                SELECT DISTINCT e.xid::text::bigint FROM event e
                 WHERE e.xid >= pg_snapshot_xmax(c.previous) OR e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(c.previous))))
              AS xids FROM c""";

    private static final String FENCE =
            "UPDATE relay_lease SET epoch = epoch + 1, holder = 'nobody', until = '-infinity' RETURNING epoch";

    private static final String MOVE = """
            UPDATE relay_cursor SET epoch = $1, previous = $2::text::pg_snapshot, target = NULL, last_seq = NULL,
              ends = ends || $3::text::jsonb""";

    private static final String VOUCH = "UPDATE witness SET run = pg_postmaster_start_time()";

    private final String bootstrapServers;
    private final Pool pool;
    private final Publication publication;
    private final Collection<String> ownTopics;
    private final String prefix;
    private final Function<String, Aggregate<?, ?>> aggregates;

    /**
     * @param bootstrapServers Kafka's {@code host:port}, comma separated
     * @param ownTopics topics that carry every event of this service, without prefix; those with sealed parts first
     * @param prefix the deployment's topic prefix
     * @param aggregates the aggregate of a stream, by the stored type of any of its events
     */
    public Restore(
            String bootstrapServers,
            Pool pool,
            Publication publication,
            List<String> ownTopics,
            String prefix,
            Function<String, Aggregate<?, ?>> aggregates) {
        this.bootstrapServers = bootstrapServers;
        this.pool = pool;
        this.publication = publication;
        this.ownTopics = ownTopics.stream().map(topic -> prefix + topic).toList();
        this.prefix = prefix;
        this.aggregates = aggregates;
    }

    /** Makes this database refuse every append until {@link #run} has ended, and waits until no pod publishes. */
    public void begin() {
        await(pool.query(BEGIN).execute());
        if (flag(FOREIGN_XIDS, "foreign_xids")) {
            throw new RestoreException(
                    "the events of this database have transaction ids of another PostgreSQL cluster, as"
                            + " after a logical dump; nobody could publish after them. Restore a physical backup, or empty the"
                            + " database: everything that was published comes back from the topics");
        }
        long deadline = System.nanoTime() + LEASE_ENDS_WITHIN.toNanos();
        while (flag(LEASED, "leased")) {
            if (System.nanoTime() > deadline) {
                throw new RestoreException(
                        "a pod of this service still publishes from this database: stop its pods first");
            }
            pause();
        }
    }

    /**
     * Brings back what is missing, after {@link #begin}.
     *
     * @param sealedParts the sealed part that an event is stored with, by its record
     * @param completion what else has to be done before anybody else appends
     * @throws RestoreException if that is impossible
     */
    public Restored run(Function<Message, @Nullable SealedPart> sealedParts, Completion completion) {
        MissingEvents missing = new MissingEvents(pool, publication, aggregates, sealedParts);
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (String topic : ownTopics) {
            try (RecordsToEnd records = new RecordsToEnd(
                    bootstrapServers, List.of(topic), RecordsToEnd.Start.BEGINNING, "restore: " + topic)) {
                do {
                    while (records.more()) {
                        missing.take(records.next().stream().map(this::message).toList());
                    }
                } while (records.extend());
                ends.putAll(records.ends());
            } catch (UnknownEventType unknown) {
                throw new RestoreException(topic + " has events that this build does not know (" + unknown.getMessage()
                        + "): use a newer one");
            }
            LOG.infof("restore: %s read; %d events were missing so far", topic, missing.events());
        }
        int unpublished = pool.withTransaction(transaction -> finish(transaction, missing, ends, completion))
                .await()
                .indefinitely();
        return new Restored(missing.events(), missing.streams().size(), unpublished);
    }

    private Uni<Integer> finish(
            SqlConnection transaction, MissingEvents missing, Map<TopicPartition, Long> ends, Completion completion) {
        return transaction
                .query("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
                .execute()
                .chain(() -> transaction.query(UNPUBLISHED).execute())
                .flatMap(rows -> {
                    Row row = rows.iterator().next();
                    Set<Long> unpublished = new TreeSet<>(List.of(row.getArrayOfLongs("xids")));
                    unpublished.removeAll(missing.published());
                    return transaction
                            .query(FENCE)
                            .execute()
                            .map(lease -> lease.iterator().next().getLong("epoch"))
                            .flatMap(epoch -> transaction
                                    .preparedQuery(MOVE)
                                    .execute(Tuple.of(
                                            epoch, behindAllBut(row.getString("now"), unpublished), json(ends))))
                            .chain(() -> transaction.query(VOUCH).execute())
                            .chain(() -> completion.complete(transaction, missing.streams()))
                            .replaceWith(unpublished.size());
                });
    }

    /**
     * The cursor behind everything but some transactions: the snapshot of now, in which those are still open. So the relay
     * publishes what it had not yet published when the backup was made, and nothing that came from the topics.
     *
     * @param snapshot {@code xmin:xmax:xip,xip…}
     */
    static String behindAllBut(String snapshot, Set<Long> unpublished) {
        String[] parts = snapshot.split(":", -1);
        Set<Long> open = new TreeSet<>(unpublished);
        for (String xid : parts[2].split(",", -1)) {
            if (!xid.isEmpty()) {
                open.add(Long.valueOf(xid));
            }
        }
        long xmin = open.isEmpty()
                ? Long.parseLong(parts[0])
                : Math.min(Long.parseLong(parts[0]), open.iterator().next());
        StringBuilder text =
                new StringBuilder().append(xmin).append(':').append(parts[1]).append(':');
        open.forEach(xid ->
                text.append(text.charAt(text.length() - 1) == ':' ? "" : ",").append(xid));
        return text.toString();
    }

    private Message message(ConsumerRecord<String, byte[]> record) {
        try {
            return CloudEventRecords.message(record, prefix);
        } catch (NotApplicable foreign) {
            throw new RestoreException(record.topic() + "/" + record.partition() + "/" + record.offset()
                    + " is not a record of this service: " + foreign.getMessage());
        }
    }

    private String json(Map<TopicPartition, Long> ends) {
        JsonObject named = new JsonObject();
        ends.forEach((partition, end) ->
                named.put(partition.topic().substring(prefix.length()) + "/" + partition.partition(), end));
        return named.encode();
    }

    private boolean flag(String sql, String column) {
        return await(pool.query(sql).execute()).iterator().next().getBoolean(column);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RestoreException("interrupted");
        }
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    /** What has to be done besides, before this database is complete. */
    @FunctionalInterface
    public interface Completion {
        /** Nothing. */
        Completion NOTHING = (transaction, streams) -> Uni.createFrom().voidItem();

        /**
         * Does it, in the transaction in which the database becomes complete: appends are accepted in it.
         *
         * @param streams the streams that got events
         */
        Uni<Void> complete(SqlConnection transaction, Set<String> streams);
    }

    /**
     * What a restore did.
     *
     * @param events how many were missing
     * @param streams of how many streams
     * @param unpublished transactions of this database that the relay will publish, perhaps again
     */
    public record Restored(long events, int streams, int unpublished) {}
}
