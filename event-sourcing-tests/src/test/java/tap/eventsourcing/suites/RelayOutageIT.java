package tap.eventsourcing.suites;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tap.eventsourcing.relay.Relay;
import tap.localstack.infrastructure.KafkaProcess;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** With a Kafka of its own, because it goes away. */
class RelayOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private KafkaProcess kafka;
    private TallyService service;

    @BeforeEach
    void open() {
        kafka = KafkaProcess.start(folder, 0);
        service = new TallyService(
                TestDatabase.create("outage", TestDatabase.EVENT_SOURCING).witnessed(),
                TestTopics.create(kafka, "outage", List.of(TallyService.TALLIES)));
    }

    @AfterEach
    void close() {
        service.close();
        kafka.kill();
    }

    @Test
    void what_is_committed_while_kafka_is_away_is_published_when_it_is_back() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SimpleMeterRegistry metersOfLater = new SimpleMeterRegistry();
        int port = kafka.port();
        try (Relay relay = service.relay("before", service.publication, meters)) {
            relay.start();
            add(50);
            await().atMost(PATIENCE)
                    .until(() -> meters.get("tap.relay.published").counter().count() >= 50);
            kafka.stop();
            add(60);

            // whether it still waits for acknowledgements or starts anew again and again, it tells how far it is behind
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(meters.get("tap.relay.lag").gauge().value())
                                    .isGreaterThanOrEqualTo(60));
            assertThat(meters.get("tap.relay.lag.time").timeGauge().value(TimeUnit.SECONDS))
                    .isPositive();
        }
        // one that starts meanwhile fails, says why, and tries again
        try (Relay later = service.relay("later", service.publication, metersOfLater)) {
            later.start();
            await().atMost(PATIENCE)
                    .until(() ->
                            metersOfLater.get("tap.relay.restarts").counter().count() >= 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(later.failure()).isPresent());
            assertThat(later.lag().orElseThrow()).isPositive();

            kafka = KafkaProcess.start(folder, port);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(
                                    metersOfLater.get("tap.relay.lag").gauge().value())
                            .isZero());
            assertThat(later.failure()).isEmpty();
            PublishedStreams.Verdict verdict = PublishedStreams.judge(service, TallyService.TALLIES);
            assertThat(verdict.faults()).isEmpty();
            assertThat(verdict.stored()).hasSize(110);
        }
    }

    private void add(int events) {
        for (int i = 0; i < events; i++) {
            service.added("stream-" + i % 7);
        }
    }
}
