/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.api;

import org.jspecify.annotations.NullMarked;
