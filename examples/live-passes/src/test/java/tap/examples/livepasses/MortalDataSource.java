package tap.examples.livepasses;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.postgresql.ds.PGSimpleDataSource;
import tap.localstack.infrastructure.ServiceDatabase;

/** Connections that all end at once, within whatever transaction, as when their process dies. */
final class MortalDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    private final transient Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean dead;

    MortalDataSource(ServiceDatabase database, String schema) {
        setUrl(database.jdbcUrl());
        setUser(database.ownerUser());
        setPassword(database.ownerPassword());
        setCurrentSchema(schema);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        connections.removeIf(MortalDataSource::isClosed);
        connections.add(connection);
        if (dead) {
            connection.abort(Runnable::run);
        }
        return connection;
    }

    void kill() throws SQLException {
        dead = true;
        for (Connection connection : connections) {
            connection.abort(Runnable::run);
        }
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }
}
