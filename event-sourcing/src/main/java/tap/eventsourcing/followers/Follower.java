package tap.eventsourcing.followers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;

/**
 * Follows one topic: applies each message exactly once, each stream in order, and never drops one. Its offsets live in this
 * service's database and move in the transaction of their effect; nothing is committed to Kafka.
 *
 * <p>A chunk that fails is taken apart, so that exactly the bad message is treated: what can never be applied is parked and its key
 * fenced, an unknown type holds its partition for a newer build, everything else is tried again in place.
 *
 * <p>A SmallRye channel hands over like this: its {@code @Incoming} method returns {@link #apply}, its rebalance listener calls {@link
 * #assigned} and {@link #revoked}, and {@link #seekWith} runs on {@code KafkaClientService.getConsumer(channel).runOnPollingThread}. What
 * its consumer needs is in this module's {@code META-INF/microprofile-config.properties}; a channel adds its {@code topic}, a {@code
 * group.id} of its own and {@code consumer-rebalance-listener.name}.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Follower.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int PARTITIONS_AT_ONCE = 4;

    private final FollowerOptions options;
    private final Offsets offsets;
    private final Assignment assignment;
    private final ChunkTransaction chunks;
    private final Consumer<List<Message>> applied;
    private final Positions positions;
    private final Replay replay;
    private final CatchUp catchUp;
    private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();
    private final Pool pool;
    private volatile Consumer<Map<TopicPartition, Long>> seek = offsets -> {};
    private volatile boolean closed;

    /**
     * @param reaction what to do about a message; of a tombstone the payload is {@link CloudEventRecords#TOMBSTONE}
     * @param fence what to close when a stream is in doubt
     * @param applied told after the commit, with the messages that were applied; must return at once
     * @param meters applied, parked, forks, lag, held partitions, all named {@code tap.follower.…} and tagged with the topic
     */
    public Follower(
            FollowerOptions options,
            Broker broker,
            Pool pool,
            Reaction reaction,
            Fence fence,
            Consumer<List<Message>> applied,
            Positions positions,
            MeterRegistry meters) {
        this.options = options;
        this.pool = pool;
        this.offsets = new Offsets(options.topic());
        this.assignment = new Assignment(options, broker, pool, offsets);
        this.chunks = new ChunkTransaction(options, pool, offsets, reaction, fence, meters);
        this.applied = applied;
        this.positions = positions;
        this.replay = new Replay(options, pool, offsets, reaction);
        this.catchUp = new CatchUp(options, broker, pool, offsets, this::isMadeAnew);
        Gauge.builder("tap.follower.lag", this, Follower::lag)
                .baseUnit("messages")
                .description("Between the copy and the end of the topic; -1 if not known")
                .tag("topic", options.topic())
                .register(meters);
        Gauge.builder("tap.follower.held", this, Follower::held)
                .baseUnit("partitions")
                .description("Partitions of this pod that wait for a newer build or an operator")
                .tag("topic", options.topic())
                .register(meters);
    }

    /**
     * How to seek the consumer on its polling thread; set by the channel before it subscribes.
     *
     * @param seek must return at once
     */
    public void seekWith(Consumer<Map<TopicPartition, Long>> seek) {
        this.seek = seek;
    }

    /** Starts to watch how far the copy is behind; returns at once. */
    public void start() {
        catchUp.start();
    }

    /**
     * Applies what was polled, each partition in order. Completes when all of it is applied, parked, or dropped because its partition
     * is held or now another pod's; never fails.
     */
    public Uni<Void> apply(ConsumerRecords<String, byte[]> records) {
        List<Uni<Void>> work = new ArrayList<>();
        for (TopicPartition topicPartition : records.partitions()) {
            Partition partition = partitions.get(topicPartition);
            if (partition != null) {
                work.add(apply(partition, records.records(topicPartition), 0));
            }
        }
        return switch (work.size()) {
            case 0 -> Uni.createFrom().voidItem();
            case 1 -> work.getFirst();
            default ->
                Uni.join()
                        .all(work)
                        .usingConcurrencyOf(PARTITIONS_AT_ONCE)
                        .andCollectFailures()
                        .replaceWithVoid();
        };
    }

    /**
     * Where to start: seeks the consumer to the stored offsets. Called on Kafka's polling thread; blocks until database and broker
     * answer.
     */
    public void assigned(
            org.apache.kafka.clients.consumer.Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        startOffsets(assigned).forEach(consumer::seek);
    }

    /** The stored offsets of partitions that are this pod's from now on. Blocks until database and broker answer. */
    public Map<TopicPartition, Long> startOffsets(Collection<TopicPartition> assigned) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (Partition partition : assignment.of(assigned, () -> closed)) {
            partitions.put(partition.topicPartition, partition);
            starts.put(partition.topicPartition, partition.next);
            // of a topic that was made anew too: what was said of the old one must not confirm anything
            positions.follows(partition.topicPartition, partition.next);
        }
        return starts;
    }

    /** Forgets partitions that another pod has now. */
    public void revoked(Collection<TopicPartition> revoked) {
        revoked.forEach(partitions::remove);
        positions.left(revoked);
    }

    /** Whether the copy has once reached the end offsets that were seen at the start, or an earlier run had and Kafka is away. */
    public boolean caughtUp() {
        return catchUp.caughtUp();
    }

    /** Records between the copy and the end of the topic, when last looked at; -1 if not known. */
    public long lag() {
        return catchUp.lag();
    }

    /** Partitions of this pod that wait for a newer build, or for an operator because their topic was made anew. */
    public int held() {
        return (int) partitions.values().stream().filter(Partition::stopped).count();
    }

    /** Whether this pod follows a partition, as far as it knows. */
    public boolean follows(int partition) {
        return partitions.containsKey(new TopicPartition(options.kafkaTopic(), partition));
    }

    /** The topic without prefix. */
    public String topic() {
        return options.topic();
    }

    FollowerOptions options() {
        return options;
    }

    /**
     * Applies a parked message anew, and unparks it.
     *
     * @param record what stands at its place, or for a compacted topic the newest of its key from there on; null if nothing
     * @param readUpTo the end of the partition when it was read
     * @return completes when it is no longer parked; fails with {@link Replay.StaysParked}, or what may pass
     */
    Uni<Replay.Done> replay(ParkedMessage parked, @Nullable ConsumerRecord<String, byte[]> record, long readUpTo) {
        return replay.replay(parked, record, readUpTo).invoke(done -> {
            if (done instanceof Replay.Done.Applied is) {
                applied.accept(List.of(is.message()));
            }
        });
    }

    // Also without a rebalance: a topic that is deleted and created at once keeps its assignment.
    private void isMadeAnew(String topicId) {
        for (Partition partition : partitions.values()) {
            if (!partition.topicId.equals(topicId) && !partition.anew) {
                LOG.errorf(
                        "%s: the topic was made anew (id %s, followed so far %s); nothing is applied until an operator"
                                + " decides where to go on",
                        partition.topicPartition, topicId, partition.topicId);
                partition.anew = true;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        catchUp.close();
    }

    // Goes over what is in hand until all of it lies before the partition's next offset. Whatever a chunk comes to,
    // where
    // to go on is said by that offset alone.
    private Uni<Void> apply(Partition partition, List<ConsumerRecord<String, byte[]>> records, int from) {
        int first = from;
        while (first < records.size() && records.get(first).offset() < partition.next) {
            first++;
        }
        if (first == records.size() || partition.stopped() || !owns(partition)) {
            return Uni.createFrom().voidItem();
        }
        if (!options.compacted() && records.get(first).offset() > partition.next) {
            // Polled before a seek took effect. Topics that keep everything have no holes, so only the next offset will
            // do.
            seekAgain(partition);
            return Uni.createFrom().voidItem();
        }
        int start = first;
        int most = records.get(start).offset() < partition.singlyUpTo ? 1 : options.chunk();
        int end = Math.min(records.size(), start + most);
        return applyChunk(partition, records.subList(start, end)).flatMap(done -> apply(partition, records, start));
    }

    private Uni<Void> applyChunk(Partition partition, List<ConsumerRecord<String, byte[]>> chunk) {
        return Uni.createFrom()
                .deferred(() -> chunks.apply(step(partition, chunk), read(chunk), partition.contended))
                .invoke(messages -> moved(partition, chunk, messages))
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> switch (failure) {
                    case Offsets.OffsetMoved moved -> restore(partition);
                    case Throwable any
                    when chunk.size() > 1 -> {
                        LOG.debugf("%s: takes a chunk of %d apart: %s", options.topic(), chunk.size(), any);
                        partition.singlyUpTo = chunk.getLast().offset() + 1;
                        yield Uni.createFrom().voidItem();
                    }
                    default -> settle(partition, chunk, failure);
                });
    }

    // What to do about the one message that failed.
    private Uni<Void> settle(Partition partition, List<ConsumerRecord<String, byte[]>> one, Throwable failure) {
        if (!owns(partition)) {
            return Uni.createFrom().voidItem();
        }
        ConsumerRecord<String, byte[]> record = one.getFirst();
        return switch (failure) {
            case NotApplicable never -> park(partition, one, never);
            case UnknownEventType unknown
            when partition.heldLongEnough(record.offset(), options.holdFor()) -> park(partition, one, unknown);
            case UnknownEventType unknown when !options.compacted() -> hold(partition, record, unknown);
            default -> {
                // A compacted topic has holes, so that a later seek could not tell old records from new: it waits in
                // place.
                if (failure instanceof UnknownEventType) {
                    partition.heldSince(record.offset());
                }
                yield pause(partition, failure);
            }
        };
    }

    private Uni<Void> park(Partition partition, List<ConsumerRecord<String, byte[]>> one, Throwable why) {
        return Uni.createFrom()
                .deferred(() ->
                        chunks.park(step(partition, one), identity(one.getFirst()), String.valueOf(why.getMessage())))
                .invoke(() -> moved(partition, one, List.of()))
                .onFailure()
                .recoverWithUni(failure ->
                        failure instanceof Offsets.OffsetMoved ? restore(partition) : pause(partition, failure));
    }

    private Uni<Void> pause(Partition partition, Throwable failure) {
        Duration pause = partition.failedAgain(FIRST_PAUSE, LONGEST_PAUSE);
        if (partition.failures == 1 || pause.equals(LONGEST_PAUSE)) {
            LOG.warnf(
                    "%s: offset %d waits for a fault to pass, failure %d: %s",
                    partition.topicPartition, partition.next, partition.failures, failure);
            LOG.debug("follower failure", failure);
        }
        return Uni.createFrom().voidItem().onItem().delayIt().by(pause);
    }

    private Uni<Void> hold(Partition partition, ConsumerRecord<?, ?> record, UnknownEventType unknown) {
        partition.heldSince(record.offset());
        partition.held = true;
        LOG.errorf(
                "%s: held at offset %d for up to %s, until a newer build takes over: %s",
                partition.topicPartition, record.offset(), options.holdFor(), unknown.getMessage());
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(options.holdFor())
                .subscribe()
                .with(over -> {
                    partition.held = false;
                    if (owns(partition)) {
                        seek.accept(Map.of(partition.topicPartition, partition.next));
                    }
                });
        return Uni.createFrom().voidItem();
    }

    // Another pod applied what is in hand, or an operator moved the offset or had a message replayed: what is stored
    // counts.
    private Uni<Void> restore(Partition partition) {
        return offsets.stored(pool)
                .invoke(stored -> {
                    Offsets.Stored own = stored.get(partition.topicPartition.partition());
                    if (own != null && own.topicId().equals(partition.topicId)) {
                        boolean back = own.next() < partition.next;
                        partition.next = own.next();
                        partition.replays = own.replays();
                        partition.contended = true;
                        positions.moved(partition.topicPartition, partition.next);
                        if (back) {
                            seekAgain(partition);
                        }
                    } else {
                        partition.anew = true;
                    }
                })
                .replaceWithVoid()
                .onFailure()
                .recoverWithUni(failure -> pause(partition, failure)
                        .chain(() -> owns(partition)
                                ? restore(partition)
                                : Uni.createFrom().voidItem()));
    }

    private void seekAgain(Partition partition) {
        if (partition.maySeek()) {
            seek.accept(Map.of(partition.topicPartition, partition.next));
        }
    }

    private void moved(Partition partition, List<? extends ConsumerRecord<?, ?>> chunk, List<Message> messages) {
        partition.next = chunk.getLast().offset() + 1;
        partition.failures = 0;
        partition.contended = false;
        positions.moved(partition.topicPartition, partition.next);
        if (!messages.isEmpty()) {
            applied.accept(messages);
        }
    }

    private boolean owns(Partition partition) {
        return !closed && partitions.get(partition.topicPartition) == partition;
    }

    private static Offsets.Step step(Partition partition, List<? extends ConsumerRecord<?, ?>> chunk) {
        return new Offsets.Step(
                partition.topicId,
                partition.topicPartition.partition(),
                partition.next,
                chunk.getLast().offset() + 1,
                partition.replays);
    }

    private List<Message> read(List<ConsumerRecord<String, byte[]>> chunk) {
        List<Message> messages = new ArrayList<>(chunk.size());
        chunk.forEach(record -> messages.add(CloudEventRecords.message(record, options.prefix())));
        return messages;
    }

    private Message identity(ConsumerRecord<String, byte[]> record) {
        return Replay.identity(record, options.prefix());
    }
}
