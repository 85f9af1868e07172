/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.reactions;

import org.jspecify.annotations.NullMarked;
