/** Tests of {@code publishing}. */
@NullMarked
package tap.redemption.publishing;

import org.jspecify.annotations.NullMarked;
