/** Tests of the package of the same name. */
@NullMarked
package tap.policy.domain;

import org.jspecify.annotations.NullMarked;
