/** From the event table to Kafka: the snapshot cursor, the lease and the relay. Knows no topic by name. */
@NullMarked
package tap.eventsourcing.relay;

import org.jspecify.annotations.NullMarked;
