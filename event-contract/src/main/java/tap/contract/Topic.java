package tap.contract;

import java.util.Map;

/**
 * A topic as every deployment must create it.
 *
 * @param name the name without a deployment's prefix
 * @param partitions how many; fixed for the life of the topic, because a key's partition must never change
 * @param configuration Kafka's topic configuration beyond the broker's defaults
 */
public record Topic(String name, int partitions, Map<String, String> configuration) {
    /** Whether the newest record of a key replaces the older ones, instead of all being kept for ever. */
    public boolean isCompacted() {
        return "compact".equals(configuration.get("cleanup.policy"));
    }
}
