/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.application;

import org.jspecify.annotations.NullMarked;
