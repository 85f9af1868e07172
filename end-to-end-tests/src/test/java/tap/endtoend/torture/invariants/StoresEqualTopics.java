package tap.endtoend.torture.invariants;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.endtoend.torture.invariants.Store.Event;
import tap.eventsourcing.Message;
import tap.eventsourcing.SealedPart;
import tap.policy.publishing.StoredPolicy;

/**
 * Events that others can build on: whoever drops {@code (stream, version)} already seen reads every stream from its topic in order,
 * without a gap, and equal to the store, byte for byte.
 */
final class StoresEqualTopics extends Invariant {
    StoresEqualTopics() {
        super("store and topics are equal");
    }

    @Override
    Stream<String> violated(Evidence evidence) {
        return Stream.of(Service.values()).flatMap(service -> {
            List<String> violated = gaps(service, evidence.store(service));
            service.topics().forEach(topic -> violated.addAll(compare(evidence, service, topic)));
            return violated.stream();
        });
    }

    private static List<String> gaps(Service service, Store store) {
        List<String> violated = new ArrayList<>();
        store.streams().forEach((stream, events) -> {
            for (int i = 0; i < events.size(); i++) {
                if (events.get(i).version() != i + 1) {
                    violated.add(service + " stores no version " + (i + 1) + " of stream " + stream);
                    return;
                }
            }
        });
        return violated;
    }

    private static List<String> compare(Evidence evidence, Service service, Topic topic) {
        List<String> violated = new ArrayList<>();
        Map<String, Map<Long, Content>> published = new HashMap<>();
        for (Message message : evidence.published(topic.name())) {
            String what = "version " + message.version() + " of stream " + message.streamId() + " on " + topic.name();
            Map<Long, Content> stream = published.computeIfAbsent(message.streamId(), any -> new HashMap<>());
            Content content = Content.of(message);
            Content before = stream.putIfAbsent(message.version(), content);
            if (before == null && message.version() != stream.size()) {
                violated.add(what + " came as the " + stream.size() + "th of its stream");
            }
            if (before != null && !before.equals(content)) {
                violated.add(what + " was published twice, with different content");
            }
        }
        for (Event event : evidence.store(service).events()) {
            if (!goesTo(topic, event)) {
                continue;
            }
            Content content = published.getOrDefault(event.streamId(), Map.of()).get(event.version());
            if (content == null) {
                violated.add(event + " is not on " + topic.name());
            } else if (!content.equals(Content.of(event, topic))) {
                violated.add(event + " is another on " + topic.name());
            }
            published.getOrDefault(event.streamId(), new HashMap<>()).remove(event.version());
        }
        published.forEach((stream, versions) -> versions.keySet()
                .forEach(version -> violated.add(
                        "version " + version + " of stream " + stream + " is on " + topic.name() + " and not stored")));
        return violated;
    }

    private static boolean goesTo(Topic topic, Event event) {
        boolean ofPolicy = event.streamId().equals(StoredPolicy.STREAM);
        if (topic.equals(Topics.POLICIES)) {
            return ofPolicy;
        }
        return !ofPolicy;
    }

    /** What must be the same in both. */
    private record Content(
            UUID id,
            String type,
            String partitionKey,
            String payload,
            @Nullable SealedPart sealed) {
        static Content of(Message message) {
            return new Content(
                    message.eventId(), message.type(), message.partitionKey(), message.payload(), message.sealed());
        }

        // The sealed part rides on one topic alone.
        static Content of(Event event, Topic topic) {
            return new Content(
                    event.id(),
                    event.type(),
                    event.partitionKey(),
                    event.written().payload(),
                    topic.equals(Topics.PASS_CREDENTIALS) ? event.written().sealed() : null);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Content content
                    && id.equals(content.id)
                    && type.equals(content.type)
                    && partitionKey.equals(content.partitionKey)
                    && payload.equals(content.payload)
                    && Objects.equals(sealed, content.sealed);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }
}
