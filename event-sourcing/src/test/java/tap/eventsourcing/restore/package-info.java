/** Tests of what restore computes without I/O. */
@NullMarked
package tap.eventsourcing.restore;

import org.jspecify.annotations.NullMarked;
