package tap.testkit.infrastructure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import org.flywaydb.core.Flyway;
import tap.localstack.infrastructure.PostgresProcess;
import tap.localstack.infrastructure.ServiceDatabase;

/** A fresh database on the build's PostgreSQL with the two roles of a service, migrated as a service migrates at its start. */
public final class TestDatabase implements AutoCloseable {
    /** The migrations of {@code event-sourcing}. */
    public static final String EVENT_SOURCING = "classpath:db/event-sourcing";

    private final PostgresProcess postgres;
    private final ServiceDatabase database;
    private final List<Pool> pools = new CopyOnWriteArrayList<>();

    private TestDatabase(PostgresProcess postgres, ServiceDatabase database) {
        this.postgres = postgres;
        this.database = database;
    }

    /**
     * Creates a database on the build's PostgreSQL.
     *
     * @param name what it is for; made unique
     * @param migrations Flyway locations, run under the owner's role; none leaves the database empty
     */
    public static TestDatabase create(String name, String... migrations) {
        return create(SharedServers.ofThisBuild().postgres(), name, migrations);
    }

    /** As the other one, on a PostgreSQL of the test's own. */
    public static TestDatabase create(PostgresProcess postgres, String name, String... migrations) {
        ServiceDatabase database = ServiceDatabase.create(postgres, unique(name));
        if (migrations.length > 0) {
            Flyway.configure(Thread.currentThread().getContextClassLoader())
                    .dataSource(database.jdbcUrl(), database.ownerUser(), database.ownerPassword())
                    .locations(migrations)
                    .placeholders(Map.of("service_role", database.serviceUser()))
                    .load()
                    .migrate();
        }
        return new TestDatabase(postgres, database);
    }

    /** A database that exists, on the build's PostgreSQL. */
    static TestDatabase existing(String name, String ownerPassword, String servicePassword) {
        PostgresProcess postgres = SharedServers.ofThisBuild().postgres();
        return new TestDatabase(
                postgres,
                new ServiceDatabase(
                        name,
                        postgres.jdbcUrl(name),
                        postgres.reactiveUrl(name),
                        name + "_owner",
                        ownerPassword,
                        name + "_service",
                        servicePassword));
    }

    /** Lower-case letters, digits and underscores that no other test has; begins with what is given. */
    static String unique(String name) {
        String letters = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
        return letters + "_"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    /** Where it is, and its roles with their passwords. */
    public ServiceDatabase credentials() {
        return database;
    }

    /** A pool of connections under the service's role, closed with this database; statements are prepared once. */
    public Pool pool(int connections) {
        return pool(connections, connectOptions());
    }

    /** As {@link #pool}, with the time-outs that services set. */
    public Pool poolOfPod(int connections) {
        return pool(connections, ServiceTimeouts.setOn(connectOptions()));
    }

    /** How the service's role connects with the reactive client, for a pool that a test closes itself. */
    public PgConnectOptions connectOptions() {
        return PgConnectOptions.fromUri(database.reactiveUrl())
                .setUser(database.serviceUser())
                .setPassword(database.servicePassword())
                .setCachePreparedStatements(true);
    }

    private Pool pool(int connections, PgConnectOptions options) {
        Pool pool = Pool.pool(SharedVertx.VERTX, options, new PoolOptions().setMaxSize(connections));
        pools.add(pool);
        return pool;
    }

    /** A blocking connection under the role that migrates. */
    public Connection connectAsOwner() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.ownerUser(), database.ownerPassword());
    }

    /** A blocking connection under the role that serves. */
    public Connection connectAsService() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.serviceUser(), database.servicePassword());
    }

    /** A blocking connection under PostgreSQL's superuser. */
    public Connection connectAsSuperuser() throws SQLException {
        return postgres.connect(database.name());
    }

    /** Names the running PostgreSQL as found complete, which every append requires; services do it through the witness. */
    public TestDatabase witnessed() {
        try (Connection owner = connectAsOwner();
                var statement = owner.createStatement()) {
            statement.execute("INSERT INTO witness (run) VALUES (pg_postmaster_start_time())"
                    + " ON CONFLICT (one) DO UPDATE SET run = excluded.run");
            return this;
        } catch (SQLException e) {
            throw new IllegalStateException("the witness of " + database + " cannot be written", e);
        }
    }

    // Only who opens a pool pays for event loops.
    private static final class SharedVertx {
        static final Vertx VERTX = Vertx.vertx();
    }

    /** Closes the pools. The database goes with the build. */
    @Override
    public void close() {
        pools.forEach(Pool::closeAndAwait);
    }
}
