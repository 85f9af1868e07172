/** Which allowances no event has ended yet, and when their passes end: what the sweeper looks for. */
@NullMarked
package tap.redemption.projections.openallowances;

import org.jspecify.annotations.NullMarked;
