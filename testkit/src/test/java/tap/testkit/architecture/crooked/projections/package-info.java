/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.projections;

import org.jspecify.annotations.NullMarked;
