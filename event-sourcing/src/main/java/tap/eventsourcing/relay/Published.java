package tap.eventsourcing.relay;

import java.util.Map;
import java.util.UUID;

import org.apache.kafka.common.TopicPartition;

/**
 * An event that Kafka has acknowledged.
 *
 * @param eventId the event
 * @param ends per partition that a record of it or a companion went to: the offset after it
 */
public record Published(UUID eventId, Map<TopicPartition, Long> ends) {}
