/** A room of the straight service. */
@NullMarked
package tap.testkit.architecture.straight.domain;

import org.jspecify.annotations.NullMarked;
