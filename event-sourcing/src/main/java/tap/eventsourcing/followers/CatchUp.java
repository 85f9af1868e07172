package tap.eventsourcing.followers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.vertx.mutiny.sqlclient.Pool;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.topics.Broker;

/**
 * Watches how far a copy is behind its topic, whichever pod applies it. Caught up once is caught up: with Kafka away later, or
 * away at the start of a pod whose copy was complete before, the pod is ready all the same.
 */
final class CatchUp implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CatchUp.class);
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final Duration SELDOM = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final FollowerOptions options;
    private final Broker broker;
    private final Pool pool;
    private final Offsets offsets;
    private final Consumer<String> madeAnew;
    private final Thread thread;
    private volatile boolean caughtUp;
    private volatile long lag = -1;

    /** @param madeAnew told the topic's id, whenever it is not the one that the copy followed; must return at once */
    CatchUp(FollowerOptions options, Broker broker, Pool pool, Offsets offsets, Consumer<String> madeAnew) {
        this.options = options;
        this.broker = broker;
        this.pool = pool;
        this.offsets = offsets;
        this.madeAnew = madeAnew;
        this.thread = Thread.ofVirtual().name("catch-up " + options.topic()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean caughtUp() {
        return caughtUp;
    }

    long lag() {
        return lag;
    }

    private void run() {
        Map<TopicPartition, Long> goal = null;
        try {
            while (true) {
                goal = look(goal);
                Thread.sleep(caughtUp ? SELDOM : OFTEN);
            }
        } catch (InterruptedException closed) {
            LOG.debug("catch-up: closed");
        }
    }

    // The goal is the topic's end at the start; afterwards only the lag is of interest.
    private @Nullable Map<TopicPartition, Long> look(@Nullable Map<TopicPartition, Long> goal) {
        try {
            Map<Integer, Offsets.Stored> stored = offsets.stored(pool).await().atMost(PATIENCE);
            Map<TopicPartition, Long> ends;
            try {
                String topicId = topicId();
                if (stored.values().stream()
                        .anyMatch(partition -> !partition.topicId().equals(topicId))) {
                    madeAnew.accept(topicId);
                    throw new IllegalStateException("the topic was made anew");
                }
                ends = broker.endOffsets(List.of(options.kafkaTopic())).await().atMost(PATIENCE);
            } catch (RuntimeException away) {
                LOG.debugf("catch-up of %s: its end is not known: %s", options.topic(), away);
                lag = -1;
                if (!caughtUp && !stored.isEmpty() && stored.values().stream().allMatch(Offsets.Stored::caughtUp)) {
                    LOG.warnf("%s: %s; the copy was complete before, and serves as it is", options.topic(), away);
                    caughtUp = true;
                }
                return goal;
            }
            Map<TopicPartition, Long> reach = goal == null ? ends : goal;
            lag = behind(stored, ends);
            if (!caughtUp && behind(stored, reach) == 0) {
                offsets.caughtUp(pool).await().atMost(PATIENCE);
                caughtUp = true;
                LOG.infof("%s: caught up", options.topic());
            }
            return reach;
        } catch (RuntimeException failure) {
            LOG.debugf("catch-up of %s: %s", options.topic(), failure);
            return goal;
        }
    }

    private String topicId() {
        String name = options.kafkaTopic();
        TopicDescription topic =
                broker.describe(List.of(name)).await().atMost(PATIENCE).get(name);
        if (topic == null) {
            throw new IllegalStateException("no topic " + name);
        }
        return topic.topicId().toString();
    }

    private static long behind(Map<Integer, Offsets.Stored> stored, Map<TopicPartition, Long> ends) {
        long behind = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            Offsets.Stored own = stored.get(end.getKey().partition());
            behind += Math.max(0, end.getValue() - (own == null ? 0 : own.next()));
        }
        return behind;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
