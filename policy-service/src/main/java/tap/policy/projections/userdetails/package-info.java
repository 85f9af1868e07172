/** Users with their names, for SCIM. */
@NullMarked
package tap.policy.projections.userdetails;

import org.jspecify.annotations.NullMarked;
