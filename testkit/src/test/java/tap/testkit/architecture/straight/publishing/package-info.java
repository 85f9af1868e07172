/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.publishing;

import org.jspecify.annotations.NullMarked;
