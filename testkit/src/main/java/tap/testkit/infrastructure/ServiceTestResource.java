package tap.testkit.infrastructure;

import java.util.HashMap;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.jspecify.annotations.Nullable;
import tap.contract.Topics;
import tap.localstack.infrastructure.ServiceDatabase;

/**
 * What a service's tests run on: a fresh database, all topics under a prefix of their own, an authorization server and mounted
 * secrets, told to the service by the keys that the local stack uses too. For
 * {@code @QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))}.
 */
public final class ServiceTestResource implements QuarkusTestResourceLifecycleManager {
    /**
     * Five times the default: the first change of a JVM that has just started, beside another build on the same two cores, was
     * seen to take longer than a second to be confirmed. Tests of what stays pending wait as long.
     */
    private static final String CONFIRMATION_TIMEOUT = "5s";

    private String databaseName = "tap_service";
    private @Nullable TestDatabase database;
    private @Nullable TestAuthorizationServer authorizationServer;

    @Override
    public void init(Map<String, String> arguments) {
        databaseName = arguments.getOrDefault("database", databaseName);
    }

    @Override
    public Map<String, String> start() {
        database = TestDatabase.create(databaseName);
        TestTopics topics = TestTopics.create(databaseName, Topics.ALL);
        authorizationServer = TestAuthorizationServer.start();
        System.setProperty(TestTokens.ISSUER_PROPERTY, authorizationServer.issuer());
        tell("database", database.credentials().name());
        tell("owner-password", database.credentials().ownerPassword());
        tell("service-password", database.credentials().servicePassword());
        topics.ofServiceUnderTest();
        MountedSecrets secrets = MountedSecrets.create(SharedServers.ofThisBuild()
                .folder()
                .resolve(database.credentials().name()));
        Map<String, String> configuration = new HashMap<>(configuration(database, topics));
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.oidc.auth-server-url", authorizationServer.issuer());
        configuration.put("quarkus.oidc.token.audience", "tap");
        configuration.put("tap.issuer", "http://localhost:8080");
        configuration.put("tap.confirmation.timeout", CONFIRMATION_TIMEOUT);
        configuration.put("tap.keys.directory", secrets.keys().toString());
        configuration.put("tap.signing.directory", secrets.signing().toString());
        return configuration;
    }

    /** The keys that lead a service to a database and to topics. */
    public static Map<String, String> configuration(TestDatabase database, TestTopics topics) {
        ServiceDatabase where = database.credentials();
        return Map.of(
                "quarkus.devservices.enabled", "false",
                "quarkus.datasource.reactive.url", where.reactiveUrl(),
                "quarkus.datasource.username", where.serviceUser(),
                "quarkus.datasource.password", where.servicePassword(),
                "tap.migration.jdbc-url", where.jdbcUrl(),
                "tap.migration.username", where.ownerUser(),
                "tap.migration.password", where.ownerPassword(),
                "kafka.bootstrap.servers", topics.bootstrap(),
                "tap.topic-prefix", topics.prefix());
    }

    /** The database of the service under test; the caller closes what it opens there. */
    public static TestDatabase database() {
        return TestDatabase.existing(told("database"), told("owner-password"), told("service-password"));
    }

    /** The topics of the service under test. */
    public static TestTopics topics() {
        return TestTopics.serviceUnderTest().orElseThrow(ServiceTestResource::notStarted);
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
        if (authorizationServer != null) {
            authorizationServer.close();
        }
    }

    // System properties, because Quarkus loads this class, and the tests, in class loaders that differ.
    private static void tell(String name, String value) {
        System.setProperty("tap.testkit." + name, value);
    }

    private static String told(String name) {
        String value = System.getProperty("tap.testkit." + name);
        if (value == null) {
            throw notStarted();
        }
        return value;
    }

    private static IllegalStateException notStarted() {
        return new IllegalStateException("the service under test was not started with " + ServiceTestResource.class);
    }
}
