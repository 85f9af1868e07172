package tap.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tap.contract.Topic;

/**
 * Gives each event of some topics its effect, exactly once and in its stream's order, on a thread of its own. Instances with one
 * {@code group.id} and one inbox share the partitions. Offsets are the inbox's; Kafka is told none.
 *
 * @param <T> the consumer's transaction
 */
public final class TapConsumer<T> implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final KafkaConsumer<String, byte[]> kafka;
    private final List<String> topics;
    private final Inbox<T> inbox;
    private final Handler<T> handler;
    private final Alarms alarms;
    private final Map<TopicPartition, Followed> partitions = new HashMap<>();
    private final AtomicBoolean releaseAsked = new AtomicBoolean();
    private final Thread thread;
    private volatile boolean closed;

    private TapConsumer(
            Map<String, Object> kafka, List<String> topics, Inbox<T> inbox, Handler<T> handler, Alarms alarms) {
        this.kafka = new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer());
        this.topics = topics;
        this.inbox = inbox;
        this.handler = handler;
        this.alarms = alarms;
        this.thread = Thread.ofPlatform().name("tap-consumer").unstarted(this::run);
    }

    /**
     * Begins to consume; returns at once, also if Kafka or the database is away: it waits for them.
     *
     * @param kafka what the Kafka client needs: {@code bootstrap.servers}, {@code group.id}, how to log in. What a consumer's
     *     correctness hangs on is set here and cannot be overridden
     * @param prefix the deployment's topic prefix, empty by default
     * @param topics topics of events, as {@link tap.contract.Topics#REDEMPTIONS}
     * @param alarms whom to tell what a person must look at
     * @throws IllegalArgumentException if a topic is compacted: its sequences have gaps, and no inbox is needed for it
     */
    public static <T> TapConsumer<T> start(
            Map<String, ?> kafka, String prefix, Set<Topic> topics, Inbox<T> inbox, Handler<T> handler, Alarms alarms) {
        topics.stream().filter(Topic::isCompacted).findAny().ifPresent(compacted -> {
            throw new IllegalArgumentException(compacted.name() + " is compacted: it has no streams of events");
        });
        Map<String, Object> settings = new HashMap<>(kafka);
        Objects.requireNonNull(settings.get(ConsumerConfig.GROUP_ID_CONFIG), ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        TapConsumer<T> consumer = new TapConsumer<>(
                settings, topics.stream().map(topic -> prefix + topic.name()).toList(), inbox, handler, alarms);
        consumer.thread.start();
        return consumer;
    }

    /** Tries every held stream of this instance's partitions again, as a restart does: after an upgrade or a repair. */
    public void release() {
        releaseAsked.set(true);
    }

    /** Ends after the transaction that runs, and leaves the group; returns then, unless called from an alarm. */
    @Override
    public void close() {
        closed = true;
        kafka.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (kafka) {
            kafka.subscribe(topics, new Assigned());
            while (!closed) {
                if (releaseAsked.getAndSet(false)) {
                    partitions.forEach((partition, followed) -> reopen(partition, followed, true));
                }
                partitions.forEach(this::resume);
                ConsumerRecords<String, byte[]> records = kafka.poll(POLL);
                for (TopicPartition partition : records.partitions()) {
                    Followed followed = partitions.get(partition);
                    if (followed != null && followed.open) {
                        apply(partition, followed, records.records(partition));
                    }
                }
            }
        } catch (WakeupException closing) {
            if (!closed) {
                alarms.stopped(closing);
            }
        } catch (RuntimeException | Error failure) {
            alarms.stopped(failure);
        }
    }

    private void apply(TopicPartition partition, Followed followed, List<ConsumerRecord<String, byte[]>> chunk) {
        Exception failure = attempt(partition, followed, chunk);
        if (chunk.size() > 1 && failure != null && !(failure instanceof Inbox.OffsetMoved)) {
            // one by one up to the one that fails, so that those before it need not wait for it
            Iterator<ConsumerRecord<String, byte[]>> records = chunk.iterator();
            do {
                failure = attempt(partition, followed, List.of(records.next()));
            } while (failure == null && records.hasNext());
        }
        if (failure instanceof Inbox.OffsetMoved) {
            reopen(partition, followed, false);
        } else if (failure != null) {
            fail(partition, followed, failure);
        }
    }

    // Null if it was done, else nothing of it was.
    private @Nullable Exception attempt(
            TopicPartition partition, Followed followed, List<ConsumerRecord<String, byte[]>> chunk) {
        long to = chunk.getLast().offset() + 1;
        List<Held> held = new ArrayList<>();
        try {
            inbox.transact(partition, followed.next, to, (transaction, received) -> {
                for (ConsumerRecord<String, byte[]> record : chunk) {
                    receive(record, transaction, received, held);
                }
            });
        } catch (Exception failure) {
            return failure;
        }
        followed.next = to;
        followed.failures = 0;
        held.forEach(alarms::held);
        return null;
    }

    private void receive(ConsumerRecord<String, byte[]> record, T transaction, Inbox.Received received, List<Held> held)
            throws Exception {
        Arrival arrival = Arrival.of(record);
        Arrival.Place place = arrival.place();
        Inbox.Past past = received.past(
                place.source(), place.subject(), place.sequence(), Objects.requireNonNullElse(record.key(), ""));
        switch (Judge.judge(arrival, past)) {
            case Judge.Verdict.Next(TapEvent event) -> {
                received.add(event);
                handler.apply(transaction, event);
            }
            case Judge.Verdict.Hold(Held.Reason reason, String detail) -> {
                Held hold = new Held(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        place.source(),
                        place.subject(),
                        place.sequence(),
                        reason,
                        detail);
                received.hold(hold);
                held.add(hold);
            }
            case Judge.Verdict.Seen again -> {}
            case Judge.Verdict.Behind behind -> {}
        }
    }

    private void fail(TopicPartition partition, Followed followed, Exception failure) {
        kafka.seek(partition, followed.next);
        kafka.pause(Set.of(partition));
        followed.failures++;
        followed.resumeAt = System.nanoTime() + wait(followed.failures).toNanos();
        alarms.failing(partition.topic(), partition.partition(), followed.next, followed.failures, failure);
    }

    private static Duration wait(int failures) {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    // What is stored counts: where to go on is read anew before anything more is fetched.
    private void reopen(TopicPartition partition, Followed followed, boolean release) {
        kafka.pause(Set.of(partition));
        followed.open = false;
        followed.release |= release;
        followed.resumeAt = System.nanoTime();
    }

    private void resume(TopicPartition partition, Followed followed) {
        if (System.nanoTime() - followed.resumeAt < 0 || (followed.open && followed.failures == 0)) {
            return;
        }
        if (!followed.open) {
            try {
                followed.next = followed.release ? inbox.release(partition) : inbox.next(partition);
            } catch (Exception failure) {
                fail(partition, followed, failure);
                return;
            }
            kafka.seek(partition, followed.next);
            followed.open = true;
            followed.release = false;
            followed.failures = 0;
        }
        kafka.resume(Set.of(partition));
    }

    /** A partition while this instance has it. */
    private static final class Followed {
        long next;
        boolean open;
        boolean release = true;
        int failures;
        long resumeAt = System.nanoTime();
    }

    private final class Assigned implements ConsumerRebalanceListener {
        // Only noted here, because the database may be away. Sought at once all the same: Kafka fails on a partition
        // without
        // a position, even a paused one.
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            kafka.pause(assigned);
            for (TopicPartition partition : assigned) {
                kafka.seek(partition, 0);
                partitions.put(partition, new Followed());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            partitions.keySet().removeAll(revoked);
        }
    }
}
