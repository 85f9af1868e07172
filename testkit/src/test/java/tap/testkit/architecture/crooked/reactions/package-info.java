/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.reactions;

import org.jspecify.annotations.NullMarked;
