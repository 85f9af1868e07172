/** What only this package may touch: the lease's fencing, and relays that read the log in a wrong order. */
@NullMarked
package tap.eventsourcing.relay;

import org.jspecify.annotations.NullMarked;
