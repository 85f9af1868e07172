/** The policy as it holds now. */
@NullMarked
package tap.policy.projections.policydetails;

import org.jspecify.annotations.NullMarked;
