/** Tests of the pure parts of the package. */
@NullMarked
package tap.eventsourcing.confirmation;

import org.jspecify.annotations.NullMarked;
