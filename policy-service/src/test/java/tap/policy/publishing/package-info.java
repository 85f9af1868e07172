/** Tests of the package of the same name. */
@NullMarked
package tap.policy.publishing;

import org.jspecify.annotations.NullMarked;
