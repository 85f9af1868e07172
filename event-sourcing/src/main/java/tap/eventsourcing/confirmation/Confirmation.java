package tap.eventsourcing.confirmation;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Appended;
import tap.eventsourcing.CallerContext;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.LogReader;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.topics.ExpectedTopic;
import tap.eventsourcing.topics.KeyPartition;

/**
 * Confirmation by position: an event is effective everywhere when it is published and every follower has passed the end offsets of
 * the partitions that its records went to. In the pod whose relay publishes this costs no statement; the others ask the cursor's
 * row, every 5 to 50 ms.
 */
public final class Confirmation {
    private static final Logger LOG = Logger.getLogger(Confirmation.class);
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration LATE = Duration.ofMillis(50);
    private static final Duration UNTOLD = Duration.ofMillis(250);

    private static final String REACHED = """
            SELECT ends::text AS ends, coalesce(pg_visible_in_snapshot($1::text::xid8, previous)
                OR (pg_visible_in_snapshot($1::text::xid8, target) AND $2 <= last_seq), false) AS behind
              FROM relay_cursor""";

    private final Relay relay;
    private final Pool pool;
    private final Publication publication;
    private final Map<String, Integer> partitions = new HashMap<>();
    private final PositionBoard board;
    private final Collection<String> followers;
    private final String prefix;
    private final Semaphore places;
    private final PublishedEvents told = new PublishedEvents();

    /**
     * @param topics every topic that the publication writes to
     * @param followers the services that must have applied an event before it is confirmed
     * @param prefix the deployment's topic prefix
     * @param mostWaiting how many requests may wait at once; more are answered by what is known at once
     */
    public Confirmation(
            Relay relay,
            Pool pool,
            Publication publication,
            List<ExpectedTopic> topics,
            PositionBoard board,
            Collection<String> followers,
            String prefix,
            int mostWaiting) {
        this.relay = relay;
        this.pool = pool;
        this.publication = publication;
        topics.forEach(topic -> partitions.put(prefix + topic.name(), topic.partitions()));
        this.board = board;
        this.followers = Set.copyOf(followers);
        this.prefix = prefix;
        this.places = new Semaphore(mostWaiting);
        relay.onPublished(told::published);
    }

    /**
     * Waits until events are effective everywhere: published, and applied by every follower. Never fails: what is stored is
     * stored, and whether it is effective is not known while the database does not answer.
     *
     * @param appended what a command appended; nothing appended is confirmed at once
     * @return true if so within the time, else false; on the caller's context
     */
    public Uni<Boolean> confirmed(Appended appended, Duration timeout) {
        if (appended.eventIds().isEmpty()) {
            return Uni.createFrom().item(true);
        }
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.current();
            Uni<Boolean> answer = places.tryAcquire()
                    ? effective(appended).onTermination().invoke(places::release)
                    : effectiveNow(appended);
            return answer.ifNoItem()
                    .after(timeout)
                    .recoverWithItem(false)
                    .onFailure()
                    .invoke(failure ->
                            LOG.warnf("cannot look whether transaction %s is effective: %s", appended.xid(), failure))
                    .onFailure()
                    .recoverWithItem(false)
                    .emitOn(caller);
        });
    }

    /** Where an event's records go to, companions included: {@code topic/partition}, without prefix. */
    public Set<String> places(StoredEvent event) {
        Set<String> places = new LinkedHashSet<>();
        publication.records(event).forEach(record -> places.add(place(partition(record.topic(), record.key()))));
        publication.companionTopics().forEach(topic -> places.add(place(partition(topic, event.partitionKey()))));
        return places;
    }

    /** How far every follower is, as far as that is known here: {@code topic/partition} to the least next offset. */
    public Map<String, Long> passed() {
        Map<String, Long> passed = new HashMap<>();
        partitions.forEach((topic, count) -> {
            for (int partition = 0; partition < count; partition++) {
                String place = place(new TopicPartition(topic, partition));
                passed.put(place, board.passed(followers, place));
            }
        });
        return passed;
    }

    private Uni<Boolean> effective(Appended appended) {
        return published(appended)
                .flatMap(ends -> board.awaitPassed(followers, ends))
                .replaceWith(true);
    }

    private Uni<Boolean> effectiveNow(Appended appended) {
        Map<TopicPartition, Long> known = told.ends(appended.eventIds());
        return known != null
                ? Uni.createFrom().item(board.passed(followers, known))
                : reached(appended).map(ends -> ends != null && board.passed(followers, ends));
    }

    private Uni<Map<TopicPartition, Long>> published(Appended appended) {
        Duration firstPause = relay.holdsLease() ? UNTOLD : SOON;
        return look(appended, firstPause);
    }

    // Waits to be told by this pod's relay; if it is not told in time, another pod may have published, and the row says
    // so.
    private Uni<Map<TopicPartition, Long>> look(Appended appended, Duration pause) {
        return toldWithin(appended, pause).flatMap(ends -> {
            if (ends != null) {
                return Uni.createFrom().item(ends);
            }
            return reached(appended)
                    .flatMap(reached -> reached != null
                            ? Uni.createFrom().item(reached)
                            : look(appended, pause.equals(UNTOLD) ? LATE : longer(pause)));
        });
    }

    private Uni<@Nullable Map<TopicPartition, Long>> toldWithin(Appended appended, Duration pause) {
        UUID last = appended.eventIds().getLast();
        return Uni.createFrom()
                .<Map<TopicPartition, Long>>emitter(emitter -> {
                    AtomicBoolean over = new AtomicBoolean();
                    Runnable listener = () -> {
                        Map<TopicPartition, Long> ends = told.ends(appended.eventIds());
                        if (ends != null && over.compareAndSet(false, true)) {
                            emitter.complete(ends);
                        }
                    };
                    told.listen(last, listener);
                    emitter.onTermination(() -> told.forget(last, listener));
                    listener.run();
                })
                .ifNoItem()
                .after(pause)
                .recoverWithItem(() -> null);
    }

    private Uni<@Nullable Map<TopicPartition, Long>> reached(Appended appended) {
        return pool.preparedQuery(REACHED)
                .execute(Tuple.of(appended.xid(), appended.lastSeq()))
                .flatMap(rows -> {
                    Row row = rows.iterator().next();
                    if (!row.getBoolean("behind")) {
                        return Uni.createFrom().nullItem();
                    }
                    JsonObject ends = new JsonObject(row.getString("ends"));
                    return LogReader.ofTransaction(pool, appended.xid()).map(events -> ends(appended, events, ends));
                });
    }

    // The cursor's ends may be beyond the events' own, never before them. Without an end of the event's own topic
    // nobody can
    // say that it was passed; a companion topic that came with a newer build has none of what was published before.
    private @Nullable Map<TopicPartition, Long> ends(Appended appended, List<StoredEvent> events, JsonObject reached) {
        Set<UUID> own = new HashSet<>(appended.eventIds());
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (StoredEvent event : events) {
            if (own.contains(event.eventId())) {
                for (ProducerRecord<String, byte[]> record : publication.records(event)) {
                    TopicPartition partition = partition(record.topic(), record.key());
                    Long end = reached.getLong(place(partition));
                    if (end == null) {
                        return null;
                    }
                    ends.put(partition, end);
                }
                for (String topic : publication.companionTopics()) {
                    TopicPartition partition = partition(topic, event.partitionKey());
                    Long end = reached.getLong(place(partition));
                    if (end != null) {
                        ends.put(partition, end);
                    }
                }
            }
        }
        return ends;
    }

    private TopicPartition partition(String topic, String key) {
        Integer count = partitions.get(topic);
        if (count == null) {
            throw new IllegalStateException(
                    "an event is published to a topic that confirmation was not told of: " + topic);
        }
        return new TopicPartition(topic, KeyPartition.of(key, count));
    }

    private String place(TopicPartition partition) {
        return partition.topic().substring(prefix.length()) + "/" + partition.partition();
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LATE) > 0 ? LATE : doubled;
    }
}
