/** Tests of the package of the same name. */
@NullMarked
package tap.policy.api;

import org.jspecify.annotations.NullMarked;
