/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.api;

import org.jspecify.annotations.NullMarked;
