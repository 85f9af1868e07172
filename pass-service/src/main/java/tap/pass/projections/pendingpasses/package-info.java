/** Which passes redemption-service has not answered for yet. */
@NullMarked
package tap.pass.projections.pendingpasses;

import org.jspecify.annotations.NullMarked;
