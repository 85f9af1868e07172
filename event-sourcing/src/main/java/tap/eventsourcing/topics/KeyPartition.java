package tap.eventsourcing.topics;

import java.nio.charset.StandardCharsets;

import org.apache.kafka.common.utils.Utils;

/** Which partition a key's records are in. */
public final class KeyPartition {
    private KeyPartition() {}

    /**
     * The partition that Kafka's producer chooses for a key.
     *
     * @param count how many partitions the topic has
     */
    public static int of(String key, int count) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % count;
    }
}
