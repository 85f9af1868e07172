/** Tests of {@code domain}. */
@NullMarked
package tap.redemption.domain;

import org.jspecify.annotations.NullMarked;
