/** Tests of the package of the same name. */
@NullMarked
package tap.policy.application;

import org.jspecify.annotations.NullMarked;
