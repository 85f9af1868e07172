/** Tests of the package of the same name. */
@NullMarked
package tap.policy;

import org.jspecify.annotations.NullMarked;
