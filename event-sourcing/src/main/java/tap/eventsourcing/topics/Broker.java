package tap.eventsourcing.topics;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * What the library asks Kafka beside reading and writing: ids, end offsets and configuration of topics. One a service. Topic
 * names here are Kafka's, with the prefix. Every answer fails after 5 s without a broker.
 */
public final class Broker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private @Nullable Admin admin;
    private boolean closed;

    /** @param bootstrapServers {@code host:port}, comma separated */
    public Broker(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** Where the brokers are, {@code host:port}, comma separated. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Topics by name; fails if one does not exist. */
    public Uni<Map<String, TopicDescription>> describe(Collection<String> topics) {
        return ask(admin -> admin.describeTopics(topics).allTopicNames().toCompletionStage());
    }

    /** The names of all topics; that it answers says that the broker is there. */
    public Uni<Collection<String>> names() {
        return ask(
                admin -> admin.listTopics().names().toCompletionStage().thenApply(names -> (Collection<String>) names));
    }

    /** Configuration of topics, by name. */
    public Uni<Map<String, Config>> configuration(Collection<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        return ask(admin -> admin.describeConfigs(resources).all().toCompletionStage())
                .map(all -> all.entrySet().stream()
                        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue)));
    }

    /** The end offsets of every partition of the topics: of the next record that will be written. */
    public Uni<Map<TopicPartition, Long>> endOffsets(Collection<String> topics) {
        return describe(topics)
                .flatMap(described -> {
                    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
                    described.forEach((name, topic) -> topic.partitions()
                            .forEach(info ->
                                    latest.put(new TopicPartition(name, info.partition()), OffsetSpec.latest())));
                    return ask(admin -> admin.listOffsets(latest).all().toCompletionStage());
                })
                .map(Broker::offsets);
    }

    private static Map<TopicPartition, Long> offsets(Map<TopicPartition, ListOffsetsResultInfo> answers) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answers.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private <T> Uni<T> ask(Function<Admin, CompletionStage<T>> question) {
        return Uni.createFrom().deferred(() -> Uni.createFrom().completionStage(question.apply(admin())));
    }

    // Made when first needed: its constructor fails while no bootstrap name resolves, and that must not stop a start.
    private synchronized Admin admin() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        Admin made = admin;
        if (made == null) {
            made = Admin.create(Map.of(
                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    bootstrapServers,
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis(),
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis(),
                    AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    1_000));
            admin = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
