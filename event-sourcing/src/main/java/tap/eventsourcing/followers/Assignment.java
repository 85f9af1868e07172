package tap.eventsourcing.followers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.vertx.mutiny.sqlclient.Pool;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import tap.eventsourcing.topics.Broker;

/** Finds where newly assigned partitions start, bound to the identity of their topic. */
final class Assignment {
    private static final Logger LOG = Logger.getLogger(Assignment.class);
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final FollowerOptions options;
    private final Broker broker;
    private final Pool pool;
    private final Offsets offsets;

    Assignment(FollowerOptions options, Broker broker, Pool pool, Offsets offsets) {
        this.options = options;
        this.broker = broker;
        this.pool = pool;
        this.offsets = offsets;
    }

    /** Looks until broker and database have answered; none if closed meanwhile. */
    List<Partition> of(Collection<TopicPartition> assigned, BooleanSupplier closed) {
        while (!closed.getAsBoolean() && !assigned.isEmpty()) {
            try {
                return look(assigned);
            } catch (RuntimeException failure) {
                LOG.warnf("%s: cannot start yet: %s", options.topic(), failure);
                try {
                    Thread.sleep(PAUSE);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return List.of();
                }
            }
        }
        return List.of();
    }

    private List<Partition> look(Collection<TopicPartition> assigned) {
        String name = options.kafkaTopic();
        TopicDescription description =
                broker.describe(List.of(name)).await().atMost(PATIENCE).get(name);
        if (description == null) {
            throw new IllegalStateException("no topic " + name);
        }
        String topicId = description.topicId().toString();
        Map<Integer, Offsets.Stored> stored = offsets.ensure(
                        pool,
                        topicId,
                        assigned.stream().map(TopicPartition::partition).toList())
                .chain(() -> offsets.stored(pool))
                .await()
                .atMost(PATIENCE);
        List<Partition> found = new ArrayList<>();
        for (TopicPartition topicPartition : assigned) {
            Offsets.Stored own = stored.get(topicPartition.partition());
            if (own == null) {
                throw new IllegalStateException("no offset of " + topicPartition + " is stored");
            }
            boolean same = own.topicId().equals(topicId);
            Partition partition = new Partition(topicPartition, topicId, same ? own.next() : 0, own.replays());
            if (!same) {
                LOG.errorf(
                        "%s: the topic was made anew (id %s, followed so far %s); nothing is applied until an operator"
                                + " decides where to go on",
                        topicPartition, topicId, own.topicId());
                partition.anew = true;
            }
            found.add(partition);
        }
        return found;
    }
}
