package tap.endtoend.torture.invariants;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import tap.endtoend.Stack;
import tap.endtoend.torture.Journal;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.RecordsToEnd;
import tap.testkit.contract.MessageSchemas;

/**
 * All that is judged: what clients were told, what the databases hold, and what was published.
 *
 * @param journal what clients were told
 * @param stores what each service's database holds
 * @param published every record of the topics with events, each partition in its order, by topic
 */
public record Evidence(Journal journal, Map<Service, Store> stores, Map<String, List<Message>> published) {
    private static final int MOST_LOOKS = 10;

    /**
     * Gathers it from a stack at rest. What happens of itself meanwhile, the expiry of a pass, makes it begin anew.
     *
     * @throws IllegalStateException if there is no rest
     * @throws AssertionError if a message breaks the schema of its type
     */
    public static Evidence gather(Stack stack, Journal journal, Scope scope) throws SQLException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            Map<Service, Store> before = stores(stack, scope);
            Map<String, List<Message>> published =
                    published(stack.processes().kafka().bootstrap(), scope);
            Map<Service, Store> after = stores(stack, scope);
            if (before.equals(after)) {
                return new Evidence(journal, after, published);
            }
        }
        throw new IllegalStateException("the databases change although nobody asks for anything");
    }

    /** The same with another store in the place of one. */
    public Evidence with(Service service, Store store) {
        Map<Service, Store> changed = new EnumMap<>(stores);
        changed.put(service, store);
        return new Evidence(journal, changed, published);
    }

    Store store(Service service) {
        Store store = stores.get(service);
        if (store == null) {
            throw new IllegalStateException("nothing was read of " + service);
        }
        return store;
    }

    List<Message> published(String topic) {
        return published.getOrDefault(topic, List.of());
    }

    private static Map<Service, Store> stores(Stack stack, Scope scope) throws SQLException {
        Map<Service, Store> stores = new EnumMap<>(Service.class);
        for (Service service : Service.values()) {
            try (Connection connection = stack.postgres().connect(service.database())) {
                stores.put(service, Store.read(connection, scope));
            }
        }
        return stores;
    }

    private static Map<String, List<Message>> published(String bootstrap, Scope scope) {
        Map<String, List<Message>> published = new TreeMap<>();
        MessageSchemas schemas = new MessageSchemas();
        try (RecordsToEnd records = new RecordsToEnd(
                bootstrap, Service.topicNames(), RecordsToEnd.Start.BEGINNING, "torture: the topics")) {
            while (records.more()) {
                records.next().forEach(record -> {
                    Message message = CloudEventRecords.message(record, "");
                    if (scope.contains(message.partitionKey())) {
                        schemas.requireObeyed(record);
                        published
                                .computeIfAbsent(record.topic(), any -> new ArrayList<>())
                                .add(message);
                    }
                });
            }
        }
        return published;
    }
}
