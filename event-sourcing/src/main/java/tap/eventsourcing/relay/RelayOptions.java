package tap.eventsourcing.relay;

import java.time.Duration;

/**
 * How a relay runs.
 *
 * @param bootstrapServers Kafka's {@code host:port}, comma separated
 * @param topicPrefix the deployment's topic prefix, empty by default
 * @param podId names this pod in the lease, for people; need not be unique
 * @param leaseDuration how long a pod that vanished keeps the lease
 * @param batchSize events a batch
 */
public record RelayOptions(
        String bootstrapServers, String topicPrefix, String podId, Duration leaseDuration, int batchSize) {
    /** A name by which an operator finds this process: host (in Kubernetes the pod) and process id. */
    public static String nameOfThisPod() {
        String host = System.getenv("HOSTNAME");
        return (host == null || host.isBlank() ? "localhost" : host) + "-"
                + ProcessHandle.current().pid();
    }

    /** Lease of 3 s, batches of 2,000. */
    public static RelayOptions of(String bootstrapServers, String topicPrefix, String podId) {
        return new RelayOptions(bootstrapServers, topicPrefix, podId, Duration.ofSeconds(3), 2_000);
    }
}
