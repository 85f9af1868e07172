/**
 * Event sourcing on PostgreSQL and Kafka: deciders, the store, the relay, followers, confirmation, the witness. Knows no
 * business word and no CDI; a service plugs it together in one visible place.
 */
@NullMarked
package tap.eventsourcing;

import org.jspecify.annotations.NullMarked;
