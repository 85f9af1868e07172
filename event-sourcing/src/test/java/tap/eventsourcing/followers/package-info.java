/** Tests of the pure parts of the package. */
@NullMarked
package tap.eventsourcing.followers;

import org.jspecify.annotations.NullMarked;
