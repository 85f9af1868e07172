package tap.consumer;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import tap.contract.ContractJson;
import tap.contract.Topics;
import tap.contract.UserRemovedV1;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.StoredEvent;
import tap.eventsourcing.topics.CloudEventRecords;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What the conformance kit cannot bring about from outside. */
class TapConsumerIT {
    private static final UUID USER = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    private final TestDatabase database = TestDatabase.create("tap_consumer");
    private final TestTopics topics = TestTopics.create("tap-consumer", Topics.DIRECTORY);
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
    private final KafkaProducer<String, byte[]> producer = topics.producer();
    private final RecordedAlarms alarms = new RecordedAlarms();
    private final Map<String, Integer> failures = new HashMap<>();

    @BeforeEach
    void createTables() throws SQLException {
        dataSource.setUrl(database.credentials().jdbcUrl());
        dataSource.setUser(database.credentials().ownerUser());
        dataSource.setPassword(database.credentials().ownerPassword());
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(JdbcInbox.DDL + "CREATE TABLE effect (nth serial, place text)");
        }
    }

    @AfterEach
    void close() {
        producer.close();
        database.close();
    }

    @Test
    void an_event_that_fails_is_tried_again_in_its_place_and_the_others_need_not_wait() {
        failures.put(USER + " 2", 6); // each time as part of its chunk, and alone
        publish(USER, 1);
        publish(USER, 2);
        publish(USER, 3);
        publish(OTHER, 1);
        try (TapConsumer<Connection> _ = start("patient")) {
            await().until(() -> applied().size() == 4);
        }
        assertThat(applied())
                .containsSubsequence(USER + " 1", USER + " 2", USER + " 3")
                .contains(OTHER + " 1");
        assertThat(alarms.attempts).containsSubsequence(1, 2, 3);
        assertThat(alarms.held).isEmpty();
    }

    @Test
    void what_lies_behind_a_gap_takes_effect_when_the_gap_is_closed_and_the_stream_released() {
        publish(USER, 1);
        publish(USER, 3);
        publish(OTHER, 1);
        try (var consumer = start("repaired")) {
            await().until(() -> alarms.held.size() == 1 && applied().contains(OTHER + " 1"));
            assertThat(alarms.held.getFirst().reason()).isEqualTo(Held.Reason.GAP);
            publish(USER, 2);
            await().until(() -> applied().contains(USER + " 2"));
            consumer.release();
            await().until(() -> applied().contains(USER + " 3"));
        }
        assertThat(applied()).containsExactlyInAnyOrder(USER + " 1", OTHER + " 1", USER + " 2", USER + " 3");
        assertThat(alarms.held).hasSize(1);
    }

    @Test
    void a_record_that_is_no_event_holds_its_key_alone() {
        publish(USER, 1);
        send(new ProducerRecord<>(topics.name(Topics.DIRECTORY), USER.toString(), new byte[] {'?'}));
        publish(USER, 2);
        publish(OTHER, 1);
        publish(OTHER, 2);
        try (TapConsumer<Connection> _ = start("strayed")) {
            await().until(() -> applied().contains(OTHER + " 2") && !alarms.held.isEmpty());
            await().until(() -> applied().contains(USER + " 1"));
        }
        assertThat(applied()).doesNotContain(USER + " 2");
        assertThat(alarms.held).extracting(Held::reason).containsOnly(Held.Reason.UNREADABLE);
        assertThat(alarms.held).extracting(Held::subject).containsOnly(USER.toString());
    }

    @Test
    void who_lost_the_partition_has_no_effect() throws Exception {
        JdbcInbox inbox = new JdbcInbox(dataSource);
        TopicPartition partition = new TopicPartition("t", 0);
        assertThat(inbox.next(partition)).isZero();
        inbox.transact(partition, 0, 5, (connection, received) -> {});
        List<String> effects = new ArrayList<>();
        assertThatThrownBy(() -> inbox.transact(partition, 0, 3, (connection, received) -> effects.add("?")))
                .isInstanceOf(Inbox.OffsetMoved.class);
        assertThat(effects).isEmpty();
        assertThat(inbox.next(partition)).isEqualTo(5);
    }

    @Test
    void a_compacted_topic_is_refused() {
        assertThatThrownBy(() -> TapConsumer.start(
                        Map.of("bootstrap.servers", topics.bootstrap(), "group.id", "g"),
                        topics.prefix(),
                        Set.of(Topics.DIRECTORY_NAMES),
                        new JdbcInbox(dataSource),
                        (connection, event) -> {},
                        alarms))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tap.directory-names");
    }

    private List<String> applied() {
        List<String> places = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT place FROM effect ORDER BY nth")) {
            while (rows.next()) {
                places.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return places;
    }

    private TapConsumer<Connection> start(String group) {
        return TapConsumer.start(
                Map.of(
                        "bootstrap.servers",
                        topics.bootstrap(),
                        "group.id",
                        topics.prefix() + group,
                        "fetch.max.wait.ms",
                        20),
                topics.prefix(),
                Set.of(Topics.DIRECTORY),
                new JdbcInbox(dataSource),
                (connection, event) -> {
                    String place = event.subject() + " " + event.sequence();
                    if (failures.merge(place, -1, Integer::sum) >= 0) {
                        throw new IllegalStateException("seeded");
                    }
                    try (var insert = connection.prepareStatement("INSERT INTO effect (place) VALUES (?)")) {
                        insert.setString(1, place);
                        insert.executeUpdate();
                    }
                },
                alarms);
    }

    private void publish(UUID user, long version) {
        try {
            send(new CloudEventRecords("policy-service", topics.prefix())
                    .record(
                            Topics.DIRECTORY.name(),
                            new StoredEvent(
                                    version,
                                    new UUID(user.getMostSignificantBits(), version),
                                    user.toString(),
                                    version,
                                    user.toString(),
                                    Instant.now(),
                                    new Metadata("actor", "correlation", null),
                                    new EventCodec.Written(
                                            "user-removed.v1",
                                            ContractJson.mapper().writeValueAsString(new UserRemovedV1(user)),
                                            null))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(ProducerRecord<String, byte[]> record) {
        Future<RecordMetadata> sent = producer.send(record);
        producer.flush();
        assertThat(sent.resultNow().offset()).isNotNegative();
    }

    private static final class RecordedAlarms implements Alarms {
        final List<Held> held = new CopyOnWriteArrayList<>();
        final List<Integer> attempts = new CopyOnWriteArrayList<>();

        @Override
        public void held(Held one) {
            held.add(one);
        }

        @Override
        public void failing(String topic, int partition, long offset, int attempt, Exception failure) {
            attempts.add(attempt);
        }
    }
}
