/** Tests of {@code application}. */
@NullMarked
package tap.redemption.application;

import org.jspecify.annotations.NullMarked;
