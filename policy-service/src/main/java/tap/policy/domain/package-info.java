/**
 * What may be done to the Temporary Access Pass policy and to the users of the directory, as pure rules: reads top to bottom as the
 * specification. No framework, clock or randomness in here.
 */
@NullMarked
package tap.policy.domain;

import org.jspecify.annotations.NullMarked;
