package tap.testkit.infrastructure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import tap.contract.Topics;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.RunningProcess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SharedServersIT {
    @Test
    void all_who_ask_get_the_same_servers() {
        assertThat(SharedServers.ofThisBuild().postgres().pid())
                .isEqualTo(SharedServers.ofThisBuild().postgres().pid());
        assertThat(SharedServers.ofThisBuild().kafka().bootstrap())
                .isEqualTo(SharedServers.ofThisBuild().kafka().bootstrap());
    }

    @Test
    void the_servers_end_with_the_process_that_owns_them() throws IOException {
        Process owner = new ProcessBuilder("sleep", "600").start();
        try {
            SharedServers servers = SharedServers.ofOwner(RunningProcess.of(owner.toHandle()));
            PostgresProcess postgres = servers.postgres();
            KafkaProcess kafka = servers.kafka();
            Path folder = servers.folder();
            assertThat(postgres.process().isAlive()).isTrue();
            assertThat(kafka.process().isAlive()).isTrue();

            owner.destroyForcibly();

            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            !postgres.process().isAlive() && !kafka.process().isAlive() && !Files.exists(folder));
        } finally {
            owner.destroyForcibly();
        }
    }

    @Test
    void a_test_has_a_database_of_its_own_with_the_roles_of_a_service() throws SQLException {
        try (TestDatabase one = TestDatabase.create("shared", TestDatabase.EVENT_SOURCING);
                TestDatabase other = TestDatabase.create("shared", TestDatabase.EVENT_SOURCING)) {
            assertThat(one.credentials().name())
                    .isNotEqualTo(other.credentials().name());
            assertThat(one.pool(1)
                            .query("SELECT current_user::text")
                            .executeAndAwait()
                            .iterator()
                            .next()
                            .getString(0))
                    .isEqualTo(one.credentials().serviceUser());
            try (var owner = one.connectAsOwner();
                    var rows = owner.createStatement().executeQuery("SELECT count(*) FROM event")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isZero();
            }
        }
    }

    @Test
    void a_test_has_topics_of_its_own() {
        TestTopics topics = TestTopics.create("shared", List.of(Topics.PASSES));
        assertThat(topics.name(Topics.PASSES)).startsWith("shared-").endsWith(".tap.passes");
        assertThat(topics.records(Topics.PASSES)).isEmpty();
    }

    @Test
    void statements_are_counted_with_their_text() {
        try (TestDatabase database = TestDatabase.create("counted", TestDatabase.EVENT_SOURCING);
                StatementCounter counter = StatementCounter.of(database)) {
            var pool = database.pool(2);
            pool.preparedQuery("SELECT count(*) FROM head").executeAndAwait();
            counter.restart();

            pool.preparedQuery("SELECT count(*) FROM head").executeAndAwait();
            pool.preparedQuery("SELECT count(*) FROM head").executeAndAwait();
            pool.withTransaction(transaction -> transaction
                            .preparedQuery("SELECT count(*) FROM event")
                            .execute())
                    .await()
                    .indefinitely();

            assertThat(counter.statements())
                    .containsEntry("SELECT count(*) FROM head", 2L)
                    .containsEntry("SELECT count(*) FROM event", 1L)
                    .containsKeys("BEGIN", "COMMIT");
            assertThat(counter.total()).isEqualTo(5);
        }
    }
}
