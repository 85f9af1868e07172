package tap.policy.application;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.jboss.logging.Logger;
import tap.contract.ContractJson;
import tap.contract.DirectoryNameV1;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.eventsourcing.Message;
import tap.eventsourcing.restore.Restore;
import tap.eventsourcing.restore.RestoreException;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.RecordsToEnd;
import tap.policy.publishing.PolicyPublication;
import tap.policy.publishing.StoredPolicy;
import tap.policy.publishing.StoredTypes;

/**
 * Brings the policy and the users back from {@code tap.policies} and {@code tap.directory}, and the names of users who changed since the
 * backup from {@code tap.directory-names}, which has nothing but user name and external id.
 */
final class PolicyRestore {
    private static final Logger LOG = Logger.getLogger(PolicyRestore.class);

    private final String bootstrapServers;
    private final String prefix;
    private final Pool pool;
    private final Map<UUID, DirectoryNameV1> names = new HashMap<>();

    PolicyRestore(PolicyServiceConfig config, Pool pool) {
        this.bootstrapServers = config.kafka().bootstrapServers();
        this.prefix = config.topicPrefix().orElse("");
        this.pool = pool;
    }

    /**
     * Restores, and returns when the database is complete. Blocks.
     *
     * @throws RestoreException if it is impossible
     */
    void run() {
        Restore restore = new Restore(
                bootstrapServers,
                pool,
                new PolicyPublication(prefix),
                PolicyPublication.EVENT_TOPICS.stream().map(Topic::name).toList(),
                prefix,
                StoredTypes::aggregate);
        restore.begin();
        readNames();
        Restore.Restored restored = restore.run(Message::sealed, this::restoreNames);
        LOG.infof("restore: complete; %d events of %d streams were missing", restored.events(), restored.streams());
    }

    private void readNames() {
        String topic = prefix + Topics.DIRECTORY_NAMES.name();
        try (RecordsToEnd records =
                new RecordsToEnd(bootstrapServers, List.of(topic), RecordsToEnd.Start.BEGINNING, "restore: " + topic)) {
            while (records.more()) {
                records.next().stream()
                        .map(published -> CloudEventRecords.message(published, prefix))
                        .forEach(this::note);
            }
        }
    }

    // The newest wins.
    private void note(Message message) {
        UUID userId = UUID.fromString(message.partitionKey());
        if (message.payload().equals(CloudEventRecords.TOMBSTONE)) {
            names.remove(userId);
            return;
        }
        try {
            names.put(userId, ContractJson.mapper().readValue(message.payload(), DirectoryNameV1.class));
        } catch (JsonProcessingException e) {
            throw new RestoreException("a name on " + message.topic() + " is not what its schema says");
        }
    }

    // A user without a restored event keeps what the backup has: it may be newer than what was published.
    private Uni<Void> restoreNames(SqlConnection transaction, Set<String> streams) {
        Map<UUID, DirectoryNameV1> ofUsers = new HashMap<>();
        List<UUID> changed = streams.stream()
                .filter(stream -> !stream.equals(StoredPolicy.STREAM))
                .map(UUID::fromString)
                .toList();
        changed.forEach(userId -> {
            DirectoryNameV1 name = names.get(userId);
            if (name != null) {
                ofUsers.put(userId, name);
            }
        });
        return People.restore(transaction, changed, ofUsers)
                .invoke(nameless -> {
                    if (nameless > 0) {
                        LOG.warnf(
                                "restore: %d users came back without a name and cannot be seen: provision them again",
                                nameless);
                    }
                })
                .chain(() -> GroupNames.restore(transaction, changed))
                .invoke(nameless -> {
                    if (nameless > 0) {
                        LOG.warnf(
                                "restore: %d groups came back with their id for a name: provision their names again",
                                nameless);
                    }
                })
                .replaceWithVoid();
    }
}
