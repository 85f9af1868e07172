/** Tests of hashed secrets. */
@NullMarked
package tap.secrets;

import org.jspecify.annotations.NullMarked;
