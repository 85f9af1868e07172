package tap.localstack.supervisor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tap.localstack.infrastructure.KafkaProcess;
import tap.localstack.infrastructure.PostgresProcess;

/**
 * A running stack as {@code ./tap status --json} shows it.
 *
 * @param gateway the gateway's URL
 * @param services pods by service
 * @param kafka the broker
 * @param postgres the database server
 */
public record StackStatus(String gateway, Map<String, List<Pod>> services, Kafka kafka, Postgres postgres) {
    /**
     * @param url where the pod answers
     * @param pid its process, null when it is down
     */
    public record Pod(String url, @Nullable Long pid) {}

    /**
     * @param bootstrap {@code bootstrap.servers}
     * @param pid its process, null when it is down
     */
    public record Kafka(String bootstrap, @Nullable Long pid) {}

    /**
     * @param pid its process, null when it is down
     * @param jdbc for each service, the JDBC URL of its database with the credentials of the role that owns it
     */
    public record Postgres(
            @Nullable Long pid, @JsonProperty("jdbc") Map<String, String> jdbc) {}

    /** The status of the stack on this folder. */
    public static StackStatus of(StackFolder folder, StackState state) {
        Map<String, List<Pod>> services = new LinkedHashMap<>();
        Map<String, String> jdbc = new LinkedHashMap<>();
        state.pods().forEach((service, pods) -> {
            services.put(
                    service,
                    pods.stream()
                            .map(pod -> new Pod(
                                    pod.url(),
                                    pod.process().isAlive() ? pod.process().pid() : null))
                            .toList());
            String owner = ServiceProgram.databaseOf(service) + "_owner";
            jdbc.put(
                    service,
                    "jdbc:postgresql://127.0.0.1:" + state.postgresPort() + "/" + ServiceProgram.databaseOf(service)
                            + "?user=" + owner + "&password="
                            + state.passwords().getOrDefault(owner, ""));
        });
        return new StackStatus(
                state.gatewayUrl(),
                services,
                new Kafka(
                        "127.0.0.1:" + state.kafkaPort(),
                        KafkaProcess.attach(folder.kafka())
                                .map(KafkaProcess::pid)
                                .orElse(null)),
                new Postgres(
                        PostgresProcess.attach(folder.postgres())
                                .map(PostgresProcess::pid)
                                .orElse(null),
                        jdbc));
    }
}
