/** A room of the crooked service. */
@NullMarked
package tap.testkit.architecture.crooked.domain;

import org.jspecify.annotations.NullMarked;
