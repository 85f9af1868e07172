package tap.examples.livepasses;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tap.contract.Topics;
import tap.localstack.infrastructure.JavaCommand;
import tap.localstack.infrastructure.ServiceDatabase;
import tap.testkit.infrastructure.TestDatabase;
import tap.testkit.infrastructure.TestTopics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two instances as processes of their own, killed at random under load ({@code -Dconsumer.minutes}, 10 by default). */
@Tag("drill")
class KilledUnderLoadIT {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("consumer.minutes", 10));

    private final long seed =
            Long.getLong("consumer.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);
    private final TestDatabase database = TestDatabase.create("killed_under_load");
    private final TestTopics topics = TestTopics.create("killed-under-load", Topics.REDEMPTIONS);

    @Test
    void the_table_is_exactly_the_truth() throws Exception {
        RedemptionLoad load = new RedemptionLoad(topics, seed);
        Thread loading = Thread.ofPlatform().start(load);
        Process[] instances = {start(0), start(1)};
        int kills = 0;
        try {
            Instant end = Instant.now().plus(LENGTH);
            while (Instant.now().isBefore(end)) {
                int victim = random.nextInt(instances.length);
                assertThat(instances[victim].waitFor(random.nextInt(8_000), TimeUnit.MILLISECONDS))
                        .as("instance %d ended by itself, seed %d", victim, seed)
                        .isFalse();
                instances[victim].destroyForcibly().waitFor();
                kills++;
                instances[victim] = start(victim);
            }
            load.stop();
            loading.join();
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(unread()).isEmpty());
            System.out.printf("seed %d: %d kills, %s%n", seed, kills, load);
            assertThat(table()).as("seed %d", seed).isEqualTo(load.truth());
            assertThat(number("SELECT count(*) FROM tap_held")).isZero();
        } finally {
            load.stop();
            for (Process instance : instances) {
                instance.destroyForcibly();
            }
        }
    }

    private Process start(int instance) throws IOException {
        ServiceDatabase credentials = database.credentials();
        ProcessBuilder process = new ProcessBuilder(
                JavaCommand.launcher(), "-Xmx128m", "-cp", JavaCommand.classPath(), LivePasses.class.getName());
        process.environment()
                .putAll(Map.of(
                        "JDBC_URL", credentials.jdbcUrl(),
                        "JDBC_USER", credentials.ownerUser(),
                        "JDBC_PASSWORD", credentials.ownerPassword(),
                        "KAFKA_BOOTSTRAP_SERVERS", topics.bootstrap(),
                        "TOPIC_PREFIX", topics.prefix(),
                        "GROUP_INSTANCE", "instance-" + instance));
        return process.redirectErrorStream(true)
                .redirectOutput(
                        Path.of("target", "instance-" + instance + ".log").toFile())
                .start();
    }

    /** Partitions that were not read to their end, and how many records are left. */
    private Map<Integer, Long> unread() throws SQLException {
        Map<Integer, Long> unread = new TreeMap<>();
        topics.forEachRecord(Topics.REDEMPTIONS, record -> unread.put(record.partition(), record.offset() + 1));
        try (Connection connection = database.connectAsOwner();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT kafka_partition, next_offset FROM tap_offset")) {
            while (rows.next()) {
                unread.remove(rows.getInt(1), rows.getLong(2));
            }
        }
        return unread;
    }

    private Map<UUID, Integer> table() throws SQLException {
        Map<UUID, Integer> uses = new TreeMap<>();
        try (Connection connection = database.connectAsOwner();
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pass_id, uses FROM live_pass")) {
            while (rows.next()) {
                uses.put(rows.getObject(1, UUID.class), rows.getInt(2));
            }
        }
        return uses;
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.connectAsOwner();
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
