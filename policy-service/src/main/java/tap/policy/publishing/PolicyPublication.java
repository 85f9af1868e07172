package tap.policy.publishing;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.contract.DirectoryNameV1;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.topics.CloudEventRecords;

/**
 * The policy goes to {@code tap.policies}, users and groups go to {@code tap.directory}. Beside each user event the user's names go to
 * {@code tap.directory-names}, as they are in {@code person} at that moment, or a tombstone for a user who is gone.
 */
public final class PolicyPublication implements Publication {
    /** The service, as CloudEvents {@code source}. */
    public static final String SOURCE = "policy-service";

    /** Topics that carry every event of this service. */
    public static final List<Topic> EVENT_TOPICS = List.of(Topics.POLICIES, Topics.DIRECTORY);

    /** Every topic that this service writes to. */
    public static final List<Topic> TOPICS = List.of(Topics.POLICIES, Topics.DIRECTORY, Topics.DIRECTORY_NAMES);

    private static final String DIRECTORY_NAME = "directory-name.v1";
    private static final String NAMES = "SELECT user_id, user_name, external_id FROM person WHERE user_id = ANY ($1)";

    private final CloudEventRecords records;
    private final String prefix;

    /** @param prefix the deployment's topic prefix, empty by default */
    public PolicyPublication(String prefix) {
        this.records = new CloudEventRecords(SOURCE, prefix);
        this.prefix = prefix;
    }

    @Override
    public List<ProducerRecord<String, byte[]>> records(StoredEvent event) {
        Topic topic = ofPolicy(event) ? Topics.POLICIES : Topics.DIRECTORY;
        return List.of(records.record(topic.name(), event));
    }

    @Override
    public Uni<List<ProducerRecord<String, byte[]>>> companions(SqlConnection connection, List<StoredEvent> events) {
        List<StoredEvent> ofUsers =
                events.stream().filter(PolicyPublication::ofUser).toList();
        if (ofUsers.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        UUID[] ids = ofUsers.stream()
                .map(event -> UUID.fromString(event.streamId()))
                .distinct()
                .toArray(UUID[]::new);
        return connection
                .preparedQuery(NAMES)
                .execute(Tuple.tuple().addArrayOfUUID(ids))
                .map(rows -> {
                    Map<String, String> names = new HashMap<>();
                    rows.forEach(row -> names.put(row.getUUID("user_id").toString(), written(row)));
                    return ofUsers.stream().map(event -> name(event, names)).toList();
                });
    }

    @Override
    public Set<String> companionTopics() {
        return Set.of(prefix + Topics.DIRECTORY_NAMES.name());
    }

    private ProducerRecord<String, byte[]> name(StoredEvent event, Map<String, String> names) {
        @Nullable String name = names.get(event.streamId());
        return records.companion(Topics.DIRECTORY_NAMES.name(), event, DIRECTORY_NAME, name);
    }

    private static boolean ofPolicy(StoredEvent event) {
        return event.streamId().equals(StoredPolicy.STREAM);
    }

    private static boolean ofUser(StoredEvent event) {
        return event.written().type().startsWith("user-");
    }

    private static String written(Row row) {
        try {
            return ContractJson.mapper()
                    .writeValueAsString(new DirectoryNameV1(
                            row.getUUID("user_id"), row.getString("user_name"), row.getString("external_id")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a name cannot be written", e);
        }
    }
}
