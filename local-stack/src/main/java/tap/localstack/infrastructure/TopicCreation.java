package tap.localstack.infrastructure;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import tap.contract.Topic;

/** Creates the contract's topics on a broker that is alone, where each can have one replica only. */
public final class TopicCreation {
    private TopicCreation() {}

    /**
     * Creates the topics that are missing. Returns when every one of them has its leaders, so that clients may start.
     *
     * @param bootstrap {@code bootstrap.servers}
     * @param prefix what this deployment puts before each name, possibly empty
     * @throws LocalStackException if a topic exists with another number of partitions, or the broker does not answer
     */
    public static void create(String bootstrap, String prefix, Collection<Topic> topics) {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrap,
                AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                50))) {
            for (KafkaFuture<Void> created : admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(
                                            prefix + topic.name(), Optional.of(topic.partitions()), Optional.of((short)
                                                    1))
                                    .configs(topic.configuration()))
                            .toList())
                    .values()
                    .values()) {
                awaitCreated(created);
            }
            for (Topic topic : topics) {
                awaitLeaders(admin, prefix + topic.name(), topic.partitions());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new LocalStackException("Kafka at " + bootstrap + " did not create the topics: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while topics were created.", e);
        }
    }

    private static void awaitCreated(KafkaFuture<Void> created)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            created.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static void awaitLeaders(Admin admin, String name, int partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (System.nanoTime() < deadline) {
            try {
                TopicDescription topic = admin.describeTopics(List.of(name))
                        .allTopicNames()
                        .get(30, TimeUnit.SECONDS)
                        .get(name);
                if (topic != null && topic.partitions().size() != partitions) {
                    throw new LocalStackException("Topic " + name + " has "
                            + topic.partitions().size() + " partitions and must have " + partitions
                            + ", for life. Start on other data, or reset this stack.");
                }
                if (topic != null
                        && topic.partitions().stream()
                                .allMatch(p -> p.leader() != null && !p.leader().isEmpty())) {
                    return;
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof org.apache.kafka.common.errors.UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
            Thread.sleep(20);
        }
        throw new TimeoutException(name + " has no leader");
    }
}
