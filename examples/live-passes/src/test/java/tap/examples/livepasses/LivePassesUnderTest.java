package tap.examples.livepasses;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tap.consumer.TapConsumer;
import tap.consumer.kit.ConsumerUnderTest;
import tap.contract.Topic;
import tap.contract.Topics;
import tap.testkit.infrastructure.TestDatabase;

/** The example as the kit handles it, with a schema of its own for its data. */
final class LivePassesUnderTest implements ConsumerUnderTest {
    private final TestDatabase database;
    private final String schema = "consumer_" + UUID.randomUUID().toString().replace('-', '_');
    private final Connection connection;
    private final Set<String> alarms = ConcurrentHashMap.newKeySet();
    private String prefix = "";
    private @Nullable MortalDataSource dataSource;
    private @Nullable TapConsumer<Connection> consumer;

    LivePassesUnderTest(TestDatabase database) {
        this.database = database;
        try {
            connection = database.connectAsOwner();
            try (var statement = connection.createStatement()) {
                statement.execute("CREATE SCHEMA " + schema);
                statement.execute("SET search_path TO " + schema);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topics.REDEMPTIONS);
    }

    @Override
    public void start(String bootstrapServers, String prefix) {
        this.prefix = prefix;
        dataSource = new MortalDataSource(database.credentials(), schema);
        try {
            consumer = LivePasses.start(
                    dataSource,
                    Map.of("bootstrap.servers", bootstrapServers, "group.id", schema, "fetch.max.wait.ms", 20),
                    prefix,
                    held -> alarms.add(held.subject()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        Objects.requireNonNull(consumer).close();
    }

    @Override
    public void kill() {
        try {
            Objects.requireNonNull(dataSource).kill();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        stop();
    }

    @Override
    public long nextOffset(Topic topic, int partition) {
        if (consumer == null) {
            return 0;
        }
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT next_offset FROM tap_offset WHERE topic = ? AND kafka_partition = ?")) {
            select.setString(1, prefix + topic.name());
            select.setInt(2, partition);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The uses of each live pass. */
    @Override
    public Map<UUID, Integer> state() {
        Map<UUID, Integer> uses = new TreeMap<>();
        if (consumer == null) {
            return uses;
        }
        try (PreparedStatement select = connection.prepareStatement("SELECT pass_id, uses FROM live_pass");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                uses.put(rows.getObject(1, UUID.class), rows.getInt(2));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return uses;
    }

    @Override
    public Set<String> alarms() {
        return new TreeSet<>(alarms);
    }
}
