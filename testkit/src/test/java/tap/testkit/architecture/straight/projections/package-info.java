/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.projections;

import org.jspecify.annotations.NullMarked;
