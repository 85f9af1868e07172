/** The development stack's identities: administrators, their tokens, and the authorization server that vouches for them. */
@NullMarked
package tap.localstack.identity;

import org.jspecify.annotations.NullMarked;
