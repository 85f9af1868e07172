/** redemption-service: the single writer of allowances, that is of how often a pass may still be used. */
@NullMarked
package tap.redemption;

import org.jspecify.annotations.NullMarked;
