package tap.localstack.infrastructure;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * One database with the two roles that a service needs: the owner, which migrates, and the service's own, which serves and
 * owns nothing. The roles are named after the database: {@code tap_pass} has {@code tap_pass_owner} and {@code tap_pass_service}.
 *
 * @param name the database
 * @param jdbcUrl its JDBC URL, without credentials
 * @param reactiveUrl its URL for Vert.x' reactive client, without credentials
 * @param ownerUser the role that migrates
 * @param ownerPassword its password
 * @param serviceUser the role that serves
 * @param servicePassword its password
 */
public record ServiceDatabase(
        String name,
        String jdbcUrl,
        String reactiveUrl,
        String ownerUser,
        String ownerPassword,
        String serviceUser,
        String servicePassword) {

    /** Creates the database and its roles under fresh passwords; what exists stays, with the new passwords. */
    public static ServiceDatabase create(PostgresProcess postgres, String name) {
        return create(postgres, name, SecretFile.password(), SecretFile.password());
    }

    /**
     * Creates the database and its roles; what exists stays, and its roles get these passwords.
     *
     * @param name lower-case letters, digits and underscores, at most 50 characters
     * @throws LocalStackException if the server refuses
     */
    public static ServiceDatabase create(
            PostgresProcess postgres, String name, String ownerPassword, String servicePassword) {
        if (!name.matches("[a-z][a-z0-9_]{0,49}")) {
            throw new IllegalArgumentException("not a database name: " + name);
        }
        ServiceDatabase database = of(name, postgres.port(), ownerPassword, servicePassword);
        try (Connection connection = postgres.connect(PostgresProcess.SUPERUSER)) {
            ensureRole(connection, database.ownerUser(), ownerPassword);
            ensureRole(connection, database.serviceUser(), servicePassword);
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", name)) {
                execute(connection, "CREATE DATABASE " + name + " OWNER " + database.ownerUser());
                // Other services' roles have no business here.
                execute(connection, "REVOKE ALL ON DATABASE " + name + " FROM PUBLIC");
                execute(connection, "GRANT CONNECT ON DATABASE " + name + " TO " + database.serviceUser());
            }
            return database;
        } catch (SQLException e) {
            throw new LocalStackException("Database " + name + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** The database of this name at this port of the loopback interface, which was created with these passwords before. */
    public static ServiceDatabase of(String name, int port, String ownerPassword, String servicePassword) {
        String address = "postgresql://127.0.0.1:" + port + "/" + name;
        return new ServiceDatabase(
                name, "jdbc:" + address, address, name + "_owner", ownerPassword, name + "_service", servicePassword);
    }

    /** Drops the database and its roles, cutting whoever is connected. */
    public void drop(PostgresProcess postgres) {
        try (Connection connection = postgres.connect(PostgresProcess.SUPERUSER)) {
            execute(connection, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            execute(connection, "DROP ROLE IF EXISTS " + ownerUser);
            execute(connection, "DROP ROLE IF EXISTS " + serviceUser);
        } catch (SQLException e) {
            throw new LocalStackException("Database " + name + " cannot be dropped: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "ServiceDatabase[" + jdbcUrl + "]";
    }

    private static void ensureRole(Connection connection, String role, String password) throws SQLException {
        if (!password.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException("a password of letters, digits, '-' and '_' needs no quoting");
        }
        String verb = exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role) ? "ALTER" : "CREATE";
        execute(connection, verb + " ROLE " + role + " LOGIN PASSWORD '" + password + "'");
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    /** Names and passwords here are checked above: identifiers cannot be parameters. */
    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
