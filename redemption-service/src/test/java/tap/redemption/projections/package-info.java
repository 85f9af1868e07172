/** Tests of {@code projections}. */
@NullMarked
package tap.redemption.projections;

import org.jspecify.annotations.NullMarked;
