/** Asynchronous read models of the service's own log, each with its own snapshot cursor. */
@NullMarked
package tap.eventsourcing.projections;

import org.jspecify.annotations.NullMarked;
