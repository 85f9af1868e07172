package tap.examples.livepasses;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;
import tap.consumer.Alarms;
import tap.consumer.Handler;
import tap.consumer.JdbcInbox;
import tap.consumer.TapConsumer;
import tap.consumer.TapEvent;
import tap.contract.PassAdmittedV1;
import tap.contract.PassExpiredV1;
import tap.contract.PassRedeemedV1;
import tap.contract.PassSpentV1;
import tap.contract.PassWithdrawnV1;
import tap.contract.Topics;

/** Keeps a table of the passes that are live, admitted and neither withdrawn, spent nor expired, with the uses made of each. */
public final class LivePasses implements Handler<Connection> {
    private static final String DDL = "CREATE TABLE IF NOT EXISTS live_pass"
            + " (pass_id uuid PRIMARY KEY, user_id uuid NOT NULL, ends_at timestamptz NOT NULL, uses int NOT NULL)";

    /** Begins to keep the table, which is made if it is missing. */
    public static TapConsumer<Connection> start(
            DataSource dataSource, Map<String, ?> kafka, String prefix, Alarms alarms) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(JdbcInbox.DDL + DDL);
        }
        return TapConsumer.start(
                kafka, prefix, Set.of(Topics.REDEMPTIONS), new JdbcInbox(dataSource), new LivePasses(), alarms);
    }

    @Override
    public void apply(Connection connection, TapEvent event) throws SQLException {
        switch (event.data()) {
            case PassAdmittedV1 pass ->
                execute(
                        connection,
                        "INSERT INTO live_pass VALUES (?, ?, ?, 0)",
                        pass.passId(),
                        pass.userId(),
                        pass.endsAt().atOffset(ZoneOffset.UTC));
            case PassRedeemedV1 pass ->
                execute(connection, "UPDATE live_pass SET uses = uses + 1 WHERE pass_id = ?", pass.passId());
            case PassSpentV1 pass -> execute(connection, "DELETE FROM live_pass WHERE pass_id = ?", pass.passId());
            case PassExpiredV1 pass -> execute(connection, "DELETE FROM live_pass WHERE pass_id = ?", pass.passId());
            case PassWithdrawnV1 pass -> execute(connection, "DELETE FROM live_pass WHERE pass_id = ?", pass.passId());
            default -> {} // nothing that this table shows
        }
    }

    private static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    /**
     * Keeps the table until the process ends. Environment: {@code JDBC_URL}, {@code JDBC_USER}, {@code JDBC_PASSWORD},
     * {@code KAFKA_BOOTSTRAP_SERVERS}, {@code GROUP_INSTANCE} (a name of this instance that survives its restarts), {@code TOPIC_PREFIX}.
     */
    public static void main(String[] arguments) throws SQLException {
        Map<String, String> environment = System.getenv();
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(environment.get("JDBC_URL"));
        dataSource.setUser(environment.get("JDBC_USER"));
        dataSource.setPassword(environment.get("JDBC_PASSWORD"));
        Map<String, String> kafka = Map.of(
                "bootstrap.servers", environment.getOrDefault("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
                "group.id", "live-passes",
                "group.instance.id", environment.getOrDefault("GROUP_INSTANCE", "live-passes-0"));
        var consumer = start(
                dataSource,
                kafka,
                environment.getOrDefault("TOPIC_PREFIX", ""),
                held -> System.err.println("ALARM " + held));
        Runtime.getRuntime().addShutdownHook(new Thread(consumer::close));
    }
}
