/** What binds the event-sourcing library to Quarkus: health checks, channels, and the topics of the contract. */
@NullMarked
package tap.eventsourcing.quarkus;

import org.jspecify.annotations.NullMarked;
