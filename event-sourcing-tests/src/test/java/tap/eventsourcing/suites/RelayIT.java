package tap.eventsourcing.suites;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Row;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.contract.Topic;
import tap.eventsourcing.Pipeline;
import tap.eventsourcing.relay.Publication;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.suites.PublishedStreams.Kind;
import tap.eventsourcing.suites.Tally.Add;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.TopicCheck;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class RelayIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private TallyService service;
    private final List<Relay> relays = new ArrayList<>();

    @BeforeEach
    void open() {
        service = new TallyService("relay");
    }

    @AfterEach
    void close() {
        relays.forEach(Relay::close);
        service.close();
    }

    @Test
    void racing_writers_held_transactions_and_rollbacks_lose_and_reorder_nothing() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        start("a");
        write(1_200, seed);

        assertEverythingIsPublishedInOrder();
    }

    @Test
    void a_backlog_of_many_batches_is_published_in_order() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        write(700, seed);
        start("a");

        assertEverythingIsPublishedInOrder();
    }

    @Test
    void pods_that_come_and_go_lose_and_reorder_nothing() throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        start("a");
        AtomicBoolean done = new AtomicBoolean();
        Thread pods = Thread.ofVirtual().start(() -> {
            for (int i = 0; !done.get(); i++) {
                Relay next = start("pod-" + i);
                await().pollInterval(Duration.ofMillis(10)).until(() -> done.get() || anyPublishes());
                relays.stream().filter(Relay::holdsLease).findFirst().ifPresent(Relay::close);
                await().pollInterval(Duration.ofMillis(10)).until(() -> done.get() || next.holdsLease());
            }
        });
        write(1_200, seed);
        done.set(true);
        pods.join();
        start("last");

        assertEverythingIsPublishedInOrder();
    }

    @Test
    void a_relay_that_was_frozen_past_its_lease_repeats_and_reorders_nothing() throws InterruptedException {
        AtomicBoolean freeze = new AtomicBoolean();
        CountDownLatch frozen = new CountDownLatch(1);
        CountDownLatch thaw = new CountDownLatch(1);
        Publication freezing = event -> {
            if (freeze.compareAndSet(true, false)) {
                frozen.countDown();
                try {
                    thaw.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return service.publication.records(event);
        };
        Relay first = service.relay("frozen", freezing);
        relays.add(first);
        first.start();
        write(200, 1);
        await().atMost(PATIENCE).until(first::holdsLease);
        freeze.set(true);
        write(50, 2);
        frozen.await();

        Relay second = start("second");
        await().atMost(PATIENCE).until(second::holdsLease);
        write(200, 3);
        thaw.countDown();
        write(200, 4);

        assertEverythingIsPublishedInOrder();
        await().atMost(PATIENCE).until(() -> !first.holdsLease() || !second.holdsLease());
    }

    @Test
    void what_kafka_refuses_is_never_skipped_and_never_overtaken() {
        service.close();
        service = new TallyService(
                TestDatabase.create("refused", TestDatabase.EVENT_SOURCING).witnessed(),
                TestTopics.create("refused", new Topic("tallies", 1, Map.of("max.message.bytes", "300000"))));
        AtomicBoolean swollen = new AtomicBoolean(true);
        Publication refused = event -> {
            List<ProducerRecord<String, byte[]>> records = service.publication.records(event);
            if (swollen.get() && (event.version() == 1 || event.version() == 40)) {
                records.forEach(record -> record.headers().add("swollen", new byte[400_000]));
            }
            return records;
        };
        for (int i = 0; i < 90; i++) {
            service.added("stream-" + i % 2);
        }
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Relay relay = service.relay("a", refused, meters);
        relays.add(relay);
        relay.start();
        await().atMost(PATIENCE)
                .until(() -> meters.get("tap.relay.restarts").counter().count() >= 3);
        assertThat(relay.failure()).isPresent();
        assertThat(PublishedStreams.judge(service, TallyService.TALLIES).count(Kind.OUT_OF_ORDER))
                .isZero();
        swollen.set(false);

        assertEverythingIsPublishedInOrder();
    }

    @Test
    void who_stands_by_does_not_claim_to_know_the_lag_but_names_the_publisher() {
        SimpleMeterRegistry publishing = new SimpleMeterRegistry();
        SimpleMeterRegistry standingBy = new SimpleMeterRegistry();
        Relay publisher = service.relay("a", service.publication, publishing);
        relays.add(publisher);
        assertThat(publishing.get("tap.relay.lag").gauge().value()).isNaN();
        publisher.start();
        await().atMost(PATIENCE).until(publisher::holdsLease);
        Relay standby = service.relay("b", service.publication, standingBy);
        relays.add(standby);
        standby.start();
        for (int i = 0; i < 25; i++) {
            service.added("stream-" + i % 5);
        }

        await().atMost(PATIENCE)
                .until(() -> publishing.get("tap.relay.published").counter().count() >= 25);
        await().atMost(PATIENCE)
                .until(() -> publishing.get("tap.relay.lag").gauge().value() == 0);
        assertThat(publishing.get("tap.relay.lag.time").timeGauge().value(TimeUnit.SECONDS))
                .isZero();
        assertThat(publishing.get("tap.relay.lease").gauge().value()).isEqualTo(1);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(standby.leaseHolder().orElse(""))
                        .startsWith("a/")
                        .isEqualTo(publisher.leaseHolder().orElseThrow()));
        assertThat(standingBy.get("tap.relay.lag").gauge().value()).isNaN();
        assertThat(standingBy.get("tap.relay.lag.time").timeGauge().value(TimeUnit.SECONDS))
                .isNaN();
        assertThat(standingBy.get("tap.relay.lease").gauge().value()).isZero();
        assertThat(standingBy.get("tap.relay.published").counter().count()).isZero();

        try (Broker broker = new Broker(service.topics.bootstrap());
                TopicCheck topics =
                        new TopicCheck(broker, List.of(TallyService.EXPECTED), service.topics.prefix(), false);
                Pipeline pipeline = new Pipeline(broker, standby, List.of(), topics)) {
            topics.start(reasons -> {});
            pipeline.start();
            await().atMost(PATIENCE).until(() -> pipeline.status().up());
            assertThat(pipeline.status().details())
                    .containsEntry("relay.holder", publisher.leaseHolder().orElseThrow())
                    .containsEntry("relay.lease", "another pod or none")
                    .containsEntry("relay.lag.seconds", "known to the holder");
        }
    }

    @Test
    void the_cursor_keeps_the_ends_that_publishing_has_reached() {
        start("a");
        write(300, 5);
        assertEverythingIsPublishedInOrder();

        Map<String, Long> ends = new HashMap<>();
        records().forEach(record -> ends.put("tallies/" + record.partition(), record.offset() + 1));
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonObject stored = new JsonObject(rows("SELECT ends::text AS ends FROM relay_cursor")
                    .getFirst()
                    .getString("ends"));
            ends.forEach((partition, end) ->
                    assertThat(stored.getLong(partition)).as(partition).isEqualTo(end));
        });
    }

    @Test
    void what_another_pod_committed_is_found_whatever_the_numbers_of_its_transactions() throws SQLException {
        service.added("first");
        // of a transaction whose number is greater as text than any of these, and smaller as a number
        try (Connection owner = service.database.connectAsOwner();
                Statement insert = owner.createStatement()) {
            insert.execute("""
                    INSERT INTO event (stream_id, version, event_id, type, partition_key, occurred_at, xid, actor,
                      correlation_id, payload)
                    SELECT 'old', 1, gen_random_uuid(), type, partition_key, occurred_at, '9', actor, correlation_id, payload
                      FROM event""");
        }
        start("a");
        assertEverythingIsPublishedInOrder();

        TallyService otherPod = new TallyService(service.database, service.topics);
        for (int i = 0; i < 20; i++) {
            otherPod.added("second");
        }
        assertEverythingIsPublishedInOrder();
    }

    @Test
    void an_idle_relay_is_woken_by_a_commit_in_its_process() {
        Relay relay = start("a");
        await().atMost(PATIENCE).until(relay::holdsLease);
        AtomicLong heard = new AtomicLong();
        relay.onPublished(batch -> heard.addAndGet(batch.size()));
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            service.added("stream-" + i % 7);
            long committed = System.nanoTime();
            long expected = i + 1L;
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofNanos(50_000))
                    .atMost(PATIENCE)
                    .until(() -> heard.get() >= expected);
            micros.add((System.nanoTime() - committed) / 1_000);
        }
        List<Long> warm = micros.subList(20, 120).stream().sorted().toList();
        System.out.println("commit to acknowledged, microseconds: p50 " + warm.get(50) + ", p95 " + warm.get(95));
        assertThat(warm.get(50)).isLessThan(Duration.ofMillis(20).toNanos() / 1_000);
    }

    private boolean anyPublishes() {
        return relays.stream().anyMatch(Relay::holdsLease);
    }

    private Relay start(String pod) {
        Relay relay = service.startedRelay(pod);
        relays.add(relay);
        return relay;
    }

    // Half as plain commands, half in transactions that stay open for a while; a quarter of those is rolled back.
    private void write(int count, long seed) {
        Random random = new Random(seed);
        Multi.createFrom()
                .items(IntStream.range(0, count).boxed())
                .onItem()
                .transformToUni(i -> {
                    String stream = "stream-" + random.nextInt(60);
                    int kind = random.nextInt(8);
                    int hold = random.nextInt(25);
                    return kind < 4 ? service.add(stream).replaceWithVoid() : held(stream, hold, kind < 5);
                })
                .merge(15)
                .collect()
                .last()
                .await()
                .atMost(PATIENCE);
    }

    private Uni<Void> held(String stream, int milliseconds, boolean rollBack) {
        return service.pool
                .withTransaction(transaction -> service.handler
                        .handleIn(transaction, stream, loaded -> new Add(1_000_000), TallyService.metadata())
                        .onItem()
                        .delayIt()
                        .by(Duration.ofMillis(milliseconds + 1))
                        .invoke(() -> {
                            if (rollBack) {
                                throw new RolledBack();
                            }
                        }))
                .invoke(service.store::committed)
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    private List<ConsumerRecord<String, byte[]>> records() {
        return service.topics.records(TallyService.TALLIES);
    }

    private List<Row> rows(String sql) {
        List<Row> rows = new ArrayList<>();
        service.pool.query(sql).execute().await().atMost(PATIENCE).forEach(rows::add);
        return rows;
    }

    private void assertEverythingIsPublishedInOrder() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            PublishedStreams.Verdict verdict = PublishedStreams.judge(service, TallyService.TALLIES);
            assertThat(verdict.stored()).isNotEmpty();
            assertThat(verdict.faults()).isEmpty();
        });
    }

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
