/** Tests of {@code reactions}. */
@NullMarked
package tap.redemption.reactions;

import org.jspecify.annotations.NullMarked;
