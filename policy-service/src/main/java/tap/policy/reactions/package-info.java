/** What this service does about messages of others: nothing. It reads their positions only, and those lead to no event. */
@NullMarked
package tap.policy.reactions;

import org.jspecify.annotations.NullMarked;
