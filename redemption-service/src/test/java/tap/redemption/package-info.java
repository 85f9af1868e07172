/** What the tests of this service share. */
@NullMarked
package tap.redemption;

import org.jspecify.annotations.NullMarked;
