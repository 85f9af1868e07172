/** Groups with names and members, read from {@code directory_group} and the heads of the members in one statement. */
@NullMarked
package tap.policy.projections.groupdetails;

import org.jspecify.annotations.NullMarked;
