package tap.eventsourcing.suites;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.Unavailable;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.witness.Witness;
import tap.eventsourcing.witness.WitnessState;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class WitnessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private TestTopics topics;
    private TallyService service;
    private Broker broker;

    @BeforeEach
    void open() {
        topics = TestTopics.create("witness", TallyService.TALLIES);
        service = new TallyService(TestDatabase.create("witness", TestDatabase.EVENT_SOURCING), topics);
        broker = new Broker(topics.bootstrap());
    }

    @AfterEach
    void close() {
        broker.close();
        service.close();
    }

    @Test
    void a_new_database_takes_appends_once_its_topics_are_seen_to_be_empty() {
        assertThatThrownBy(() -> service.added("a")).isInstanceOf(Unavailable.class);
        try (Witness witness = witness(service, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE)).isEqualTo(new WitnessState.Complete());
        }
        assertThat(service.added("a").events()).hasSize(1);
    }

    @Test
    void after_postgresql_was_started_anew_the_records_beyond_the_cursor_are_looked_for_and_found()
            throws SQLException {
        publish(25);
        asOwner(service, "UPDATE witness SET run = '2000-01-01'");
        // as if the cursor's last moves, which are not waited for, had been lost with the server
        asOwner(service, "UPDATE relay_cursor SET ends = '{}'");
        assertThatThrownBy(() -> service.added("stream-1")).isInstanceOf(Unavailable.class);

        try (Witness witness = witness(service, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE)).isEqualTo(new WitnessState.Complete());
        }
        assertThat(service.added("stream-1").events()).hasSize(1);
    }

    @Test
    void a_database_that_lacks_what_was_published_takes_no_appends() {
        publish(25);
        try (TallyService restored =
                        new TallyService(TestDatabase.create("restored", TestDatabase.EVENT_SOURCING), topics);
                Witness witness = witness(restored, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE))
                    .isInstanceOfSatisfying(
                            WitnessState.Lost.class,
                            lost -> assertThat(lost.reason()).contains("stream-"));
            assertThatThrownBy(() -> restored.added("a")).isInstanceOf(Unavailable.class);
            assertThat(restored.meters.get("tap.witness.state").gauge().value()).isEqualTo(-1);
            assertThat(witness.state().describe("tally-service"))
                    .startsWith("this database has lost the past: run ./tap restore tally-service");
        }
    }

    @Test
    void a_log_that_was_emptied_beside_its_cursor_takes_no_appends() throws SQLException {
        publish(25);
        asOwner(service, "ALTER TABLE event DISABLE TRIGGER event_append_only; DELETE FROM event; DELETE FROM head");
        asOwner(service, "UPDATE witness SET run = '2000-01-01'");
        try (Witness witness = witness(service, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE)).isInstanceOf(WitnessState.Lost.class);
            assertThatThrownBy(() -> service.added("stream-1")).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void a_relay_publishes_nothing_and_hides_nothing_before_the_database_is_found_complete() throws SQLException {
        publish(25);
        try (TallyService restored =
                new TallyService(TestDatabase.create("restored", TestDatabase.EVENT_SOURCING), topics)) {
            restored.database.witnessed();
            restored.added("unpublished");
            asOwner(restored, "UPDATE witness SET run = '2000-01-01'");
            try (Relay relay = restored.startedRelay("a");
                    Witness witness = witness(restored, broker)) {
                assertThat(witness.ensure().await().atMost(PATIENCE)).isInstanceOf(WitnessState.Lost.class);
                assertThat(relay.holdsLease()).isFalse();
                assertThat(topics.records(TallyService.TALLIES)).hasSize(25);

                restored.database.witnessed();
                await().atMost(PATIENCE)
                        .until(() -> topics.records(TallyService.TALLIES).size() == 26);
            }
        }
    }

    @Test
    void markers_of_transactions_are_no_missing_records() throws SQLException {
        publish(5);
        asOwner(service, "UPDATE witness SET run = '2000-01-01'");
        try (KafkaProducer<String, byte[]> stranger = new KafkaProducer<>(
                Map.of("bootstrap.servers", topics.bootstrap(), "transactional.id", topics.prefix()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            stranger.initTransactions();
            stranger.beginTransaction();
            for (int partition = 0; partition < TallyService.TALLIES.partitions(); partition++) {
                var _ = stranger.send(
                        new ProducerRecord<>(topics.name(TallyService.TALLIES), partition, "key", new byte[0]));
            }
            stranger.abortTransaction();
        }
        try (Witness witness = witness(service, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE)).isEqualTo(new WitnessState.Complete());
        }
    }

    @Test
    void a_log_of_another_cluster_takes_no_appends() throws SQLException {
        service.database.witnessed();
        service.added("a");
        asOwner(service, "UPDATE witness SET run = '2000-01-01'");
        asOwner(
                service,
                "INSERT INTO event (stream_id, version, xid, event_id, type, partition_key, occurred_at, actor, correlation_id,"
                        + " payload) SELECT 'dumped', 1, '4000000000', gen_random_uuid(), 'added.v1', 'k', now(), 'a', 'c', '{}'");
        try (Witness witness = witness(service, broker)) {
            assertThat(witness.ensure().await().atMost(PATIENCE))
                    .isInstanceOfSatisfying(
                            WitnessState.Lost.class,
                            lost -> assertThat(lost.reason()).contains("logical dump"));
        }
    }

    @Test
    void with_kafka_away_a_witnessed_database_is_complete_and_another_is_unknown() throws SQLException {
        try (Broker away = new Broker("localhost:1");
                Witness unwitnessed = witness(service, away)) {
            assertThat(unwitnessed.ensure().await().atMost(PATIENCE)).isInstanceOf(WitnessState.Unknown.class);

            service.database.witnessed();
            await().atMost(PATIENCE).until(() -> unwitnessed.state() instanceof WitnessState.Complete);
        }
    }

    private void publish(int count) {
        service.database.witnessed();
        try (Relay relay = service.startedRelay("a")) {
            for (int i = 0; i < count; i++) {
                service.added("stream-" + i % 5);
            }
            await().atMost(PATIENCE)
                    .until(() -> topics.records(TallyService.TALLIES).size() >= count);
            await().atMost(PATIENCE).until(relay::holdsLease);
        }
    }

    private static Witness witness(TallyService service, Broker broker) {
        return new Witness(
                broker, service.pool, List.of(TallyService.TALLIES.name()), service.topics.prefix(), service.meters);
    }

    private static void asOwner(TallyService service, String sql) throws SQLException {
        try (var owner = service.database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
