/** Which changes of policy and directory not everybody is known to obey yet. */
@NullMarked
package tap.policy.projections.pendingchanges;

import org.jspecify.annotations.NullMarked;
