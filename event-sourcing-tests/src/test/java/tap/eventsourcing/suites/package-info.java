/** The event store, the relay, the followers, confirmation, witness and restore on the real things. */
@NullMarked
package tap.eventsourcing.suites;

import org.jspecify.annotations.NullMarked;
