/** Tests of the pure parts of the package. */
@NullMarked
package tap.eventsourcing.relay;

import org.jspecify.annotations.NullMarked;
