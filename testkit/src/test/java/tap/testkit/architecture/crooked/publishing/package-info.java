/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.publishing;

import org.jspecify.annotations.NullMarked;
