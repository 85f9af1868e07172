/** Tests of the pure parts of the package. */
@NullMarked
package tap.eventsourcing.topics;

import org.jspecify.annotations.NullMarked;
