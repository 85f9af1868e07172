package tap.localstack.infrastructure;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PostgresProcessIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before the first test
    private static PostgresProcess postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresProcess.start(directory, 0, Durability.FULL);
    }

    @AfterAll
    static void stop() {
        PostgresProcess.attach(directory).ifPresent(PostgresProcess::stop);
    }

    @Test
    void keeps_what_was_committed_when_it_is_killed_and_started_again_on_the_same_port() throws SQLException {
        try (Connection connection = postgres.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 42 AS answer");
        }

        postgres.kill();
        assertThat(PostgresProcess.attach(directory)).isEmpty();
        PostgresProcess again = PostgresProcess.start(directory, postgres.port(), Durability.FULL);

        assertThat(again.port()).isEqualTo(postgres.port());
        assertThat(again.pid()).isNotEqualTo(postgres.pid());
        postgres = again;
        try (Connection connection = again.connect("postgres")) {
            assertThat(one(connection, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void is_the_same_server_for_everyone_who_starts_it() {
        PostgresProcess second = PostgresProcess.start(directory, 0, Durability.FULL);

        assertThat(second.pid()).isEqualTo(postgres.pid());
        assertThat(second.port()).isEqualTo(postgres.port());
    }

    @Test
    void promises_what_its_durability_says(@TempDir Path other) throws SQLException {
        PostgresProcess forgetful = PostgresProcess.start(other, 0, Durability.NONE);
        try (Connection kept = postgres.connect("postgres");
                Connection lost = forgetful.connect("postgres")) {
            for (String setting : new String[] {"fsync", "full_page_writes", "synchronous_commit"}) {
                assertThat(one(kept, "SHOW " + setting)).as(setting).isEqualTo("on");
                assertThat(one(lost, "SHOW " + setting)).as(setting).isEqualTo("off");
            }
        } finally {
            forgetful.stop();
        }
        assertThat(PostgresProcess.attach(other)).isEmpty();
    }

    @Test
    void gives_a_database_to_its_owner_and_keeps_other_services_out() throws SQLException {
        ServiceDatabase mine = ServiceDatabase.create(postgres, "tap_mine");
        ServiceDatabase theirs = ServiceDatabase.create(postgres, "tap_theirs");

        try (Connection owner = DriverManager.getConnection(mine.jdbcUrl(), mine.ownerUser(), mine.ownerPassword());
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE event (seq bigint)");
        }
        try (Connection service =
                DriverManager.getConnection(mine.jdbcUrl(), mine.serviceUser(), mine.servicePassword())) {
            assertThatThrownBy(() -> one(service, "SELECT seq FROM event")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> one(service, "CREATE TABLE mine (a int)"))
                    .hasMessageContaining("permission denied");
        }
        assertThatThrownBy(() -> DriverManager.getConnection(
                                mine.jdbcUrl(), theirs.serviceUser(), theirs.servicePassword())
                        .close())
                .hasMessageContaining("permission denied for database");
    }

    @Test
    void keeps_a_database_and_changes_its_passwords_when_it_is_created_again() throws SQLException {
        ServiceDatabase first = ServiceDatabase.create(postgres, "tap_again");
        try (Connection owner = DriverManager.getConnection(first.jdbcUrl(), first.ownerUser(), first.ownerPassword());
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT 1 AS one");
        }

        ServiceDatabase second = ServiceDatabase.create(postgres, "tap_again");

        assertThatThrownBy(() -> DriverManager.getConnection(first.jdbcUrl(), first.ownerUser(), first.ownerPassword())
                        .close())
                .hasMessageContaining("password authentication failed");
        try (Connection owner =
                DriverManager.getConnection(second.jdbcUrl(), second.ownerUser(), second.ownerPassword())) {
            assertThat(one(owner, "SELECT one FROM kept")).isEqualTo("1");
        }
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
