package tap.eventsourcing.followers;

import java.time.Duration;

/**
 * How a topic is followed.
 *
 * @param service the following service, as it is named in positions
 * @param topic the topic without prefix
 * @param prefix the deployment's topic prefix, empty by default
 * @param compacted absolute state by key: no sequence is expected, the newest record wins
 * @param holdFor how long a partition waits for a newer build before a message of unknown type is parked
 * @param chunk the most messages a transaction
 */
public record FollowerOptions(
        String service, String topic, String prefix, boolean compacted, Duration holdFor, int chunk) {
    /** Follows a topic of events: 10 minutes of hold, 200 messages a transaction. */
    public static FollowerOptions events(String service, String topic, String prefix) {
        return new FollowerOptions(service, topic, prefix, false, Duration.ofMinutes(10), 200);
    }

    /** Follows a compacted topic of absolute state, with the same limits. */
    public static FollowerOptions compacted(String service, String topic, String prefix) {
        return new FollowerOptions(service, topic, prefix, true, Duration.ofMinutes(10), 200);
    }

    /** The topic as Kafka knows it. */
    public String kafkaTopic() {
        return prefix + topic;
    }
}
