/** What this service does because of something else: messages of others, and the end of a pass. One file each; channels hand over. */
@NullMarked
package tap.redemption.reactions;

import org.jspecify.annotations.NullMarked;
