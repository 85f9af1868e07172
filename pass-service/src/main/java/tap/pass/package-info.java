/** The single writer of passes: one stream a user, so that "one pass a user, a new one replaces the old" is one decision. */
@NullMarked
package tap.pass;

import org.jspecify.annotations.NullMarked;
