package tap.eventsourcing.suites;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.Topic;
import tap.eventsourcing.Message;
import tap.eventsourcing.topics.CloudEventRecords;

/**
 * The judge of the relay's promise: after dropping {@code (stream, version)} already seen, each stream on a topic is in order and
 * equal to the event table, event id and payload byte for byte.
 */
final class PublishedStreams {
    private static final int PAGE = 10_000;

    private static final String STORED = """
            SELECT stream_id, version, event_id, type, payload::text AS payload FROM event
             WHERE (stream_id, version) > ($1, $2) ORDER BY stream_id, version LIMIT $3""";

    private final TallyService service;
    private final Map<String, Map<Long, Content>> published = new HashMap<>();
    private final Map<String, Long> inOrder = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Set<UUID> stored = new HashSet<>();
    private long repeated;

    private PublishedStreams(TallyService service) {
        this.service = service;
    }

    /** Reads the topic, then the event table, and compares. */
    static Verdict judge(TallyService service, Topic topic) {
        PublishedStreams streams = new PublishedStreams(service);
        service.topics.forEachRecord(
                topic, record -> streams.read(CloudEventRecords.message(record, service.topics.prefix())));
        streams.compare();
        return new Verdict(streams.stored, streams.repeated, List.copyOf(streams.faults));
    }

    private void read(Message message) {
        String stream = message.streamId();
        long version = message.version();
        Content content = new Content(message.eventId(), message.type(), message.payload());
        Content before =
                published.computeIfAbsent(stream, any -> new HashMap<>()).putIfAbsent(version, content);
        if (before != null) {
            repeated++;
            if (!before.equals(content)) {
                faults.add(new Fault(Kind.ALTERED, stream, version));
            }
            return;
        }
        if (version != inOrder.getOrDefault(stream, 0L) + 1) {
            faults.add(new Fault(Kind.OUT_OF_ORDER, stream, version));
        }
        inOrder.put(stream, version);
    }

    private void compare() {
        String stream = "";
        long version = 0;
        RowSet<Row> page;
        do {
            page = service.pool
                    .preparedQuery(STORED)
                    .execute(Tuple.of(stream, version, PAGE))
                    .await()
                    .indefinitely();
            for (Row row : page) {
                stream = row.getString("stream_id");
                version = row.getLong("version");
                compare(stream, version, row);
            }
        } while (page.size() == PAGE);
        published.forEach((unknown, versions) ->
                versions.keySet().forEach(extra -> faults.add(new Fault(Kind.NOT_STORED, unknown, extra))));
    }

    private void compare(String stream, long version, Row row) {
        stored.add(row.getUUID("event_id"));
        Map<Long, Content> versions = published.getOrDefault(stream, Map.of());
        Content content = versions.isEmpty() ? null : versions.remove(version);
        if (content == null) {
            faults.add(new Fault(Kind.LOST, stream, version));
        } else if (!content.equals(
                new Content(row.getUUID("event_id"), row.getString("type"), row.getString("payload")))) {
            faults.add(new Fault(Kind.ALTERED, stream, version));
        }
    }

    /** What can be wrong with an event on a topic. */
    enum Kind {
        /** In the store, and not on the topic. */
        LOST,
        /** Not next after the version before it, when it was first seen. */
        OUT_OF_ORDER,
        /** Another event than the stored one, or than the first of that version. */
        ALTERED,
        /** On the topic, and not in the store. */
        NOT_STORED
    }

    /** One wrong event. */
    record Fault(Kind kind, String stream, long version) {}

    /**
     * What was found.
     *
     * @param stored ids of all events in the store
     * @param repeated records that a consumer drops
     * @param faults none if the promise was kept
     */
    record Verdict(Set<UUID> stored, long repeated, List<Fault> faults) {
        long count(Kind kind) {
            return faults.stream().filter(fault -> fault.kind == kind).count();
        }
    }

    private record Content(UUID eventId, String type, String payload) {}
}
