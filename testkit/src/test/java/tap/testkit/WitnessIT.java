package tap.testkit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

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
    private static final Duration PATIENCE = Duration.ofSeconds(30);

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
        return new Witness(broker, service.pool, List.of(TallyService.TALLIES.name()), service.topics.prefix());
    }

    private static void asOwner(TallyService service, String sql) throws SQLException {
        try (var owner = service.database.connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute(sql);
        }
    }
}
