/** What this service does about messages of others, one file each: When…Then…, and the channels that they arrive on. No HTTP. */
@NullMarked
package tap.pass.reactions;

import org.jspecify.annotations.NullMarked;
