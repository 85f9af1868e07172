package tap.consumer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * An inbox in a PostgreSQL database, in the tables of {@link #DDL}; the handler's transaction is the connection, which it must
 * neither commit nor close. How long statements may take is set where the data source is made.
 */
public final class JdbcInbox implements Inbox<Connection> {
    /** Creates the tables if they are missing; for the consumer's own migrations. */
    public static final String DDL = ddl();

    private final DataSource dataSource;

    /** Keeps the inbox in the database that the data source leads to. */
    public JdbcInbox(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public long next(TopicPartition partition) throws Exception {
        return inTransaction(connection -> next(connection, partition));
    }

    @Override
    public long release(TopicPartition partition) throws Exception {
        return inTransaction(connection -> {
            long next = next(connection, partition);
            Long first = firstHeld(connection, partition);
            if (first == null || first >= next) {
                return next;
            }
            move(connection, partition, next, first);
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM tap_held WHERE topic = ? AND kafka_partition = ?")) {
                of(delete, partition).executeUpdate();
            }
            return first;
        });
    }

    @Override
    public void transact(TopicPartition partition, long from, long to, Work<Connection> work) throws Exception {
        inTransaction(connection -> {
            move(connection, partition, from, to);
            work.run(connection, new InTables(connection));
            return to;
        });
    }

    private long inTransaction(InTransaction work) throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                long result = work.run(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }

    private static long next(Connection connection, TopicPartition partition) throws SQLException {
        try (PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO tap_offset VALUES (?, ?, 0) ON CONFLICT DO NOTHING");
                PreparedStatement select = connection.prepareStatement(
                        "SELECT next_offset FROM tap_offset WHERE topic = ? AND kafka_partition = ?")) {
            of(insert, partition).executeUpdate();
            try (ResultSet row = of(select, partition).executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("no offset of " + partition + ", although it was just inserted");
                }
                return row.getLong(1);
            }
        }
    }

    private static @Nullable Long firstHeld(Connection connection, TopicPartition partition) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT min(first_offset) FROM tap_held WHERE topic = ? AND kafka_partition = ?");
                ResultSet row = of(select, partition).executeQuery()) {
            return row.next() ? row.getObject(1, Long.class) : null;
        }
    }

    // Takes the row's lock too, so that whoever has the same partition waits here and then finds the offset moved.
    private static void move(Connection connection, TopicPartition partition, long from, long to) throws Exception {
        try (PreparedStatement update = connection.prepareStatement(
                "UPDATE tap_offset SET next_offset = ? WHERE topic = ? AND kafka_partition = ? AND next_offset = ?")) {
            update.setLong(1, to);
            update.setString(2, partition.topic());
            update.setInt(3, partition.partition());
            update.setLong(4, from);
            if (update.executeUpdate() == 0) {
                throw new OffsetMoved(partition, from);
            }
        }
    }

    private static PreparedStatement of(PreparedStatement statement, TopicPartition partition) throws SQLException {
        statement.setString(1, partition.topic());
        statement.setInt(2, partition.partition());
        return statement;
    }

    private static String ddl() {
        try (InputStream text = Objects.requireNonNull(JdbcInbox.class.getResourceAsStream("inbox.sql"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface InTransaction {
        long run(Connection connection) throws Exception;
    }

    private record InTables(Connection connection) implements Received {
        @Override
        public Past past(String source, String subject, long sequence, String key) throws SQLException {
            try (PreparedStatement select = connection.prepareStatement("""
                    SELECT (SELECT max(sequence) FROM tap_received WHERE source = ? AND subject = ?),
                           (SELECT event_id FROM tap_received WHERE source = ? AND subject = ? AND sequence = ?),
                           (SELECT min(reason) FROM tap_held
                             WHERE (source = ? AND subject = ?) OR (source = '' AND subject = ?))
                    """)) {
                select.setString(1, source);
                select.setString(2, subject);
                select.setString(3, source);
                select.setString(4, subject);
                select.setLong(5, sequence);
                select.setString(6, source);
                select.setString(7, subject);
                select.setString(8, key);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    String held = row.getString(3);
                    return new Past(
                            row.getLong(1),
                            row.getObject(2, UUID.class),
                            held == null ? null : Held.Reason.valueOf(held));
                }
            }
        }

        @Override
        public void add(TapEvent event) throws SQLException {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO tap_received VALUES (?, ?, ?, ?)")) {
                insert.setString(1, event.source());
                insert.setString(2, event.subject());
                insert.setLong(3, event.sequence());
                insert.setObject(4, event.id());
                insert.executeUpdate();
            }
        }

        @Override
        public void hold(Held held) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO tap_held"
                    + " (topic, kafka_partition, source, subject, sequence, first_offset, reason, detail)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
                insert.setString(1, held.topic());
                insert.setInt(2, held.partition());
                insert.setString(3, held.source());
                insert.setString(4, held.subject());
                insert.setLong(5, held.sequence());
                insert.setLong(6, held.offset());
                insert.setString(7, held.reason().name());
                insert.setString(8, held.detail());
                insert.executeUpdate();
            }
        }
    }
}
