package tap.eventsourcing.topics;

/**
 * What a topic must look like to be trusted with events.
 *
 * @param name without a deployment's prefix
 * @param partitions how many; never changed, because a key must stay in its partition
 * @param compacted absolute state, the newest record of a key wins; otherwise every record is kept for ever
 */
public record ExpectedTopic(String name, int partitions, boolean compacted) {}
