/** Whether this database still holds everything that the service ever published. */
@NullMarked
package tap.eventsourcing.witness;

import org.jspecify.annotations.NullMarked;
