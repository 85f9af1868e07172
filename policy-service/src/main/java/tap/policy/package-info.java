/** policy-service: the single writer of the Temporary Access Pass policy and of the directory. */
@NullMarked
package tap.policy;

import org.jspecify.annotations.NullMarked;
