/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.application;

import org.jspecify.annotations.NullMarked;
