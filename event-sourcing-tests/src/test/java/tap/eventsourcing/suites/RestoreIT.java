package tap.eventsourcing.suites;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.eventsourcing.BulkCommands;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Ids;
import tap.eventsourcing.Load;
import tap.eventsourcing.Message;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.restore.Aggregate;
import tap.eventsourcing.restore.Restore;
import tap.eventsourcing.restore.RestoreException;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.eventsourcing.witness.Witness;
import tap.eventsourcing.witness.WitnessState;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Databases that lost the past, beside the one that did not: what was published comes back, and nothing else changes. */
class RestoreIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Topic MARKS = new Topic("marks", 6, TallyService.TALLIES.configuration());
    private static final List<String> BOTH = List.of(MARKS.name(), TallyService.TALLIES.name());

    private static final String EVENTS = "SELECT stream_id, version, event_id, type, partition_key, occurred_at, actor,"
            + " correlation_id, causation_id, payload::text, encode(sealed, 'hex') FROM event ORDER BY stream_id, version";
    private static final String HEADS = "SELECT stream_id, version, partition_key, ended, state::text, state_version,"
            + " encode(sealed, 'hex'), last_event_at FROM head ORDER BY stream_id";

    private final TestTopics topics = TestTopics.create("restore", TallyService.TALLIES, MARKS);
    private final CloudEventRecords records = new CloudEventRecords(TallyService.NAME, topics.prefix());
    private final Publication publication = event ->
            List.of(records.record(TallyService.TALLIES.name(), event), records.recordWithSealed(MARKS.name(), event));
    private final List<TallyService> services = new ArrayList<>();
    private final TallyService original = service();

    @BeforeEach
    void original() {
        original.database.witnessed();
    }

    @AfterEach
    void close() {
        services.forEach(TallyService::close);
    }

    @Test
    void an_emptied_database_gets_everything_back_and_publishes_nothing_twice() throws SQLException {
        publish(original, 30);
        TallyService emptied = service();

        Restore.Restored restored = restored(emptied);

        assertThat(restored).isEqualTo(new Restore.Restored(30, 5, 0));
        assertThat(rows(emptied, EVENTS)).isEqualTo(rows(original, EVENTS));
        assertThat(rows(emptied, HEADS)).isEqualTo(rows(original, HEADS));
        assertThat(restored(emptied).events()).isZero();

        publish(emptied, 1);
        assertThat(topics.records(TallyService.TALLIES)).hasSize(31);
        assertThat(topics.records(MARKS)).hasSize(31);
    }

    @Test
    void a_backup_gets_what_it_lacks_and_publishes_what_it_had_not() throws SQLException {
        publish(original, 10);
        TallyService backup = service();
        restored(backup);
        publish(original, 10);
        backup.added("unpublished");

        assertThat(restored(backup)).isEqualTo(new Restore.Restored(10, 5, 1));

        try (Relay relay = startedRelay(backup, publication)) {
            await().atMost(PATIENCE).until(() -> topics.records(MARKS).size() == 21);
            assertThat(relay.holdsLease()).isTrue();
        }
        publish(backup, 1);
        assertThat(topics.records(TallyService.TALLIES)).hasSize(22);
        assertThat(streams(backup)).contains("unpublished");
    }

    @Test
    void what_had_reached_one_of_two_topics_reaches_the_other() throws SQLException {
        publish(original, 3, event -> List.of(records.recordWithSealed(MARKS.name(), event)), MARKS);
        TallyService emptied = service();

        assertThat(restored(emptied).unpublished()).isPositive();

        try (Relay relay = startedRelay(emptied, publication)) {
            await().atMost(PATIENCE)
                    .until(() -> topics.records(TallyService.TALLIES).size() == 3);
            assertThat(relay.holdsLease()).isTrue();
        }
    }

    @Test
    void a_log_whose_middle_was_lost_is_made_whole_and_its_heads_with_it() throws SQLException {
        publish(original, 30);
        List<String> heads = rows(original, HEADS);
        List<String> events = rows(original, EVENTS);
        asOwner(
                original,
                "ALTER TABLE event DISABLE TRIGGER event_append_only; DELETE FROM event WHERE version IN (1, 3);"
                        + " UPDATE head SET state = '{\"is\":\"Counted\",\"total\":99}' WHERE stream_id = 'stream-1'");

        restored(original);

        assertThat(rows(original, EVENTS)).isEqualTo(events);
        assertThat(rows(original, HEADS)).isEqualTo(heads);
    }

    @Test
    void another_past_is_a_fork_and_stays_closed() {
        publish(original, 5);
        TallyService fork = service();
        restored(fork);
        fork.added("stream-1");
        publish(original, 5);

        assertThatThrownBy(() -> restored(fork))
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("fork: stream stream-1 has another event at version 2");
        assertThatThrownBy(() -> fork.added("stream-2")).isInstanceOf(Unavailable.class);
    }

    @Test
    void a_version_that_nobody_has_stops_it() throws Exception {
        publish(original, 1);
        try (KafkaProducer<String, byte[]> producer = topics.producer()) {
            StoredEvent third = new StoredEvent(
                    0,
                    Ids.next(),
                    "stream-0",
                    3,
                    "key",
                    java.time.Instant.now(),
                    TallyService.metadata(),
                    new EventCodec.Written("added.v1", "{\"total\":3}", null));
            producer.send(records.recordWithSealed(MARKS.name(), third)).get();
        }
        assertThatThrownBy(() -> restored(service()))
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining("stream-0 has version 3 but neither this database nor a topic has version 2");
    }

    @Test
    void until_its_last_transaction_nobody_appends_and_no_witness_vouches() throws SQLException {
        publish(original, 10);
        TallyService emptied = service();
        emptied.database.witnessed();
        Restore restore = restore(emptied);
        restore.begin();
        assertThatThrownBy(() -> emptied.added("a")).isInstanceOf(Unavailable.class);

        assertThatThrownBy(() -> restore.run(
                        Message::sealed,
                        (transaction, streams) -> Uni.createFrom().failure(new IllegalStateException("power cut"))))
                .hasMessageContaining("power cut");

        // all events are there, and yet it is not done
        assertThat(rows(emptied, EVENTS)).hasSize(10);
        try (Broker broker = new Broker(topics.bootstrap());
                Witness witness = new Witness(broker, emptied.pool, BOTH, topics.prefix(), emptied.meters)) {
            assertThat(witness.ensure().await().atMost(PATIENCE))
                    .isEqualTo(new WitnessState.Lost("a restore was begun and has not ended"));
            assertThatThrownBy(() -> emptied.added("a")).isInstanceOf(Unavailable.class);

            AtomicInteger completed = new AtomicInteger();
            restore.begin();
            restore.run(
                    Message::sealed,
                    (transaction, streams) -> Uni.createFrom().voidItem().invoke(completed::incrementAndGet));
            assertThat(completed).hasValue(1);
            assertThat(emptied.added("a").events()).hasSize(1);
            await().atMost(PATIENCE).until(() -> witness.state() instanceof WitnessState.Complete);
        }
    }

    @Test
    void many_streams_are_commanded_in_the_last_transaction_also_where_another_build_wrote_their_heads()
            throws SQLException {
        publish(original, 10);
        TallyService emptied = service();
        BulkCommands<Tally.Add, Tally, Tally.Added, Tally.Full> newer =
                new BulkCommands<>(emptied.store, new Tally.Rules(), Tally.EVENTS, Tally.states(2));
        Restore restore = restore(emptied);
        restore.begin();
        restore.run(
                Message::sealed,
                (transaction, streams) -> newer.handle(
                                transaction,
                                List.of("new", "stream-1", "stream-2"),
                                loaded -> "stream-2".equals(loaded.streamId())
                                        ? Optional.empty()
                                        : Optional.of(new Tally.Add(100)),
                                stream -> TallyService.metadata())
                        .invoke(outcome -> assertThat(outcome)
                                .isInstanceOfSatisfying(
                                        BulkCommands.Outcome.Accepted.class,
                                        accepted ->
                                                assertThat(accepted.streams()).isEqualTo(2)))
                        .replaceWithVoid());

        assertThat(rows(emptied, "SELECT stream_id, version, state_version, state ->> 'total' FROM head ORDER BY 1"))
                .contains("new, 1, 2, 1", "stream-1, 3, 2, 3", "stream-2, 2, 1, 2");
        try (Relay relay = startedRelay(emptied, publication)) {
            await().atMost(PATIENCE)
                    .until(() -> topics.records(TallyService.TALLIES).size() == 12);
            assertThat(relay.holdsLease()).isTrue();
        }
    }

    private TallyService service() {
        TallyService made = new TallyService(TestDatabase.create("restore", TestDatabase.EVENT_SOURCING), topics);
        services.add(made);
        return made;
    }

    private Restore restore(TallyService service) {
        return new Restore(
                topics.bootstrap(),
                service.pool,
                publication,
                BOTH,
                topics.prefix(),
                type -> new Aggregate<>(new Tally.Rules(), Tally.EVENTS, Tally.states(1)));
    }

    private Restore.Restored restored(TallyService service) {
        Restore restore = restore(service);
        restore.begin();
        return restore.run(Message::sealed, Restore.Completion.NOTHING);
    }

    private void publish(TallyService service, int count) {
        publish(service, count, publication, TallyService.TALLIES);
    }

    private void publish(TallyService service, int count, Publication published, Topic seenOn) {
        int before = topics.records(seenOn).size();
        try (Relay relay = startedRelay(service, published)) {
            IntStream.range(0, count)
                    .forEach(i -> service.handler
                            .handle(
                                    Load.head("stream-" + i % 5),
                                    loaded -> Uni.createFrom().item(new Tally.Add(1_000, SealedPart.of(new byte[] {
                                        (byte) i, 1, 2
                                    }))),
                                    TallyService.metadata())
                            .await()
                            .atMost(PATIENCE));
            await().atMost(PATIENCE).until(() -> topics.records(seenOn).size() >= before + count);
            await().atMost(PATIENCE).until(() -> behind(service) == 0);
            assertThat(relay.holdsLease()).isTrue();
        }
    }

    // Events that the relay's cursor is not past.
    private static long behind(TallyService service) throws SQLException {
        return Long.parseLong(rows(
                        service,
                        "SELECT count(*) FROM event, relay_cursor WHERE NOT pg_visible_in_snapshot(xid, previous)")
                .getFirst());
    }

    private static Relay startedRelay(TallyService service, Publication published) {
        Relay relay = service.relay("a", published);
        relay.start();
        return relay;
    }

    private List<String> streams(TallyService service) {
        return topics.records(TallyService.TALLIES).stream()
                .map(published -> CloudEventRecords.message(published, service.topics.prefix())
                        .streamId())
                .toList();
    }

    private static List<String> rows(TallyService service, String sql) throws SQLException {
        try (var connection = service.database.connectAsSuperuser();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getObject(i)));
                }
                rows.add(String.join(", ", row));
            }
            return rows;
        }
    }

    private static void asOwner(TallyService service, String sql) throws SQLException {
        try (var owner = service.database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
