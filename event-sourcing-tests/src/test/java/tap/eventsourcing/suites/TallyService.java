package tap.eventsourcing.suites;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import tap.contract.Topic;
import tap.eventsourcing.CommandHandler;
import tap.eventsourcing.EventStore;
import tap.eventsourcing.Handled;
import tap.eventsourcing.Load;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.relay.RelayOptions;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.suites.Tally.Added;
import tap.eventsourcing.suites.Tally.Full;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.topics.ExpectedTopic;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

/** A service for the suites: tallies in a database of its own, published to one topic; pods are made by asking for relays. */
final class TallyService implements AutoCloseable {
    static final String NAME = "tally-service";
    static final Topic TALLIES = new Topic("tallies", 6, Map.of("cleanup.policy", "delete", "retention.ms", "-1"));
    static final Topic POSITIONS = new Topic("positions", 1, Map.of("cleanup.policy", "compact"));
    static final ExpectedTopic EXPECTED = new ExpectedTopic(TALLIES.name(), TALLIES.partitions(), false);

    final TestDatabase database;
    final TestTopics topics;
    final Pool pool;
    final MeterRegistry meters = new SimpleMeterRegistry();
    final EventStore store = new EventStore();
    final CommandHandler<Add, Tally, Added, Full> handler;
    final Publication publication;

    TallyService(String test) {
        this(
                TestDatabase.create(test, TestDatabase.EVENT_SOURCING).witnessed(),
                TestTopics.create(test, TALLIES, POSITIONS));
    }

    TallyService(TestDatabase database, TestTopics topics) {
        this(database, topics, 20);
    }

    TallyService(TestDatabase database, TestTopics topics, int connections) {
        this.database = database;
        this.topics = topics;
        this.pool = database.pool(connections);
        this.publication = publication(topics.prefix());
        this.handler = new CommandHandler<>(store, pool, new Tally.Rules(), Tally.EVENTS, Tally.states(1), () -> {});
    }

    static Publication publication(String prefix) {
        CloudEventRecords records = new CloudEventRecords(NAME, prefix);
        return event -> List.of(records.record(TALLIES.name(), keyedByStream(event)));
    }

    // All tallies have one key; the suites want streams in every partition.
    private static StoredEvent keyedByStream(StoredEvent event) {
        return new StoredEvent(
                event.seq(),
                event.eventId(),
                event.streamId(),
                event.version(),
                event.streamId(),
                event.occurredAt(),
                event.metadata(),
                event.written());
    }

    RelayOptions options(String pod) {
        return new RelayOptions(topics.bootstrap(), topics.prefix(), pod, Duration.ofSeconds(1), 200);
    }

    Relay relay(String pod, Publication published) {
        return relay(pod, published, new SimpleMeterRegistry());
    }

    Relay relay(String pod, Publication published, MeterRegistry itsMeters) {
        Relay relay = new Relay(options(pod), pool, published, itsMeters);
        store.onCommitted(relay::wake);
        return relay;
    }

    Relay startedRelay(String pod) {
        Relay relay = relay(pod, publication);
        relay.start();
        return relay;
    }

    Uni<Handled<Tally, Added, Full>> add(String stream) {
        return handler.handle(Load.head(stream), loaded -> Uni.createFrom().item(new Add(1_000_000)), metadata());
    }

    Handled.Accepted<Tally, Added, Full> added(String stream) {
        if (add(stream).await().atMost(Duration.ofSeconds(10))
                instanceof Handled.Accepted<Tally, Added, Full> accepted) {
            return accepted;
        }
        throw new AssertionError("not accepted");
    }

    static Metadata metadata() {
        return new Metadata("test", UUID.randomUUID().toString(), null);
    }

    @Override
    public void close() {
        database.close();
    }
}
