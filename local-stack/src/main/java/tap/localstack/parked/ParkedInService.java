package tap.localstack.parked;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackFolder;
import tap.localstack.supervisor.StackStatus;

/** The parked messages of one service. Nothing is changed behind its back: it is asked to replay, and says what came of it. */
public final class ParkedInService {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private static final String PARKED = """
            SELECT topic, partition, "offset", stream_id, version, type, partition_key, reason, parked_at FROM parked
             WHERE ?::text IS NULL OR stream_id = ? OR partition_key = ? ORDER BY parked_at, stream_id, version""";

    private static final String ASK = "INSERT INTO unpark_request (wanted) VALUES (?) RETURNING id";

    private static final String OUTCOME =
            "SELECT outcome::text FROM unpark_request WHERE id = ? AND finished_at IS NOT NULL";

    private final String service;
    private final String jdbcUrl;

    private ParkedInService(String service, String jdbcUrl) {
        this.service = service;
        this.jdbcUrl = jdbcUrl;
    }

    /**
     * One for each service of a running stack, in the order of {@code ./tap status}.
     *
     * @throws LocalStackException if none runs
     */
    public static List<ParkedInService> all(StackFolder folder) {
        return StackStatus.of(folder, folder.requireRunning()).postgres().jdbc().entrySet().stream()
                .map(database -> new ParkedInService(database.getKey(), database.getValue()))
                .toList();
    }

    /** The service. */
    public String service() {
        return service;
    }

    /**
     * What is parked, oldest first.
     *
     * @param wanted a stream, or a user whose streams are meant; null for all
     */
    public List<ParkedMessage> messages(@Nullable String wanted) {
        try (Connection connection = connect();
                PreparedStatement query = connection.prepareStatement(PARKED)) {
            query.setString(1, wanted);
            query.setString(2, wanted);
            query.setString(3, wanted);
            List<ParkedMessage> messages = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    messages.add(message(rows));
                }
            }
            return messages;
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /**
     * Asks the service to replay, and waits until a pod has.
     *
     * @param wanted as in {@link #messages}
     * @throws LocalStackException if none has in time; the request stays, and a pod takes it up later
     */
    public Replayed replay(@Nullable String wanted, Duration patience) throws InterruptedException {
        try (Connection connection = connect()) {
            long id = ask(connection, wanted);
            long deadline = System.nanoTime() + patience.toNanos();
            while (true) {
                Optional<Replayed> outcome = outcome(connection, id);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                if (System.nanoTime() > deadline) {
                    throw new LocalStackException("No pod of " + service + " has finished it within "
                            + patience.toSeconds() + " s. It stays asked for; see ./tap parked and ./tap logs "
                            + service + ".");
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private ParkedMessage message(ResultSet row) throws SQLException {
        return new ParkedMessage(
                service,
                row.getString("topic"),
                row.getInt("partition"),
                row.getLong("offset"),
                row.getString("stream_id"),
                row.getLong("version"),
                row.getString("type"),
                row.getString("partition_key"),
                row.getString("reason"),
                row.getObject("parked_at", OffsetDateTime.class).toInstant());
    }

    private static long ask(Connection connection, @Nullable String wanted) throws SQLException {
        try (PreparedStatement request = connection.prepareStatement(ASK)) {
            request.setString(1, wanted);
            try (ResultSet asked = request.executeQuery()) {
                asked.next();
                return asked.getLong("id");
            }
        }
    }

    private static Optional<Replayed> outcome(Connection connection, long id) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(OUTCOME)) {
            query.setLong(1, id);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next()
                        ? Optional.of(ContractJson.mapper().readValue(rows.getString("outcome"), Replayed.class))
                        : Optional.empty();
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl);
    }

    private LocalStackException unreachable(SQLException e) {
        return new LocalStackException("The database of " + service + " does not answer: " + e.getMessage(), e);
    }
}
