package tap.localstack.supervisor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import tap.localstack.identity.DevelopmentTokens;
import tap.localstack.infrastructure.ServiceDatabase;

/**
 * The configuration that a pod is started with: the same keys for all services, each of which takes what it knows. It travels in
 * environment variables, because every user of the machine can read command lines.
 */
final class ServiceEnvironment {
    private ServiceEnvironment() {}

    static Map<String, String> of(
            StackState state, StackFolder folder, ServiceDatabase database, String kafka, int port) {
        Path keyRings = Secrets.keyRings(folder.secrets());
        Path signingKeys = Secrets.signingKeys(folder.secrets());
        Map<String, String> environment = new LinkedHashMap<>();
        // glibc's arenas, up to eight a core, keep what threads once had.
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("QUARKUS_DATASOURCE_REACTIVE_URL", database.reactiveUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", database.serviceUser());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", database.servicePassword());
        environment.put("TAP_MIGRATION_JDBC_URL", database.jdbcUrl());
        environment.put("TAP_MIGRATION_USERNAME", database.ownerUser());
        environment.put("TAP_MIGRATION_PASSWORD", database.ownerPassword());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka);
        environment.put("QUARKUS_OIDC_AUTH_SERVER_URL", state.developmentIssuer());
        environment.put("QUARKUS_OIDC_TOKEN_AUDIENCE", DevelopmentTokens.AUDIENCE);
        // The gateway, which says for whom it forwards.
        environment.put("TAP_SOURCES_TRUSTED_PROXIES", "127.0.0.1");
        environment.put("TAP_ISSUER", state.gatewayUrl());
        environment.put("TAP_KEYS_DIRECTORY", keyRings.toString());
        environment.put("TAP_SIGNING_DIRECTORY", signingKeys.toString());
        return environment;
    }
}
