/** Tests of {@code api}. */
@NullMarked
package tap.redemption.api;

import org.jspecify.annotations.NullMarked;
