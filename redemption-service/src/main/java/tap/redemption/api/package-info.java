/**
 * OAuth 2.0 to a redemption and back, nothing else: the token endpoint, the server's metadata and keys, and one place where errors
 * get RFC 6749's form. Beside it, in Graph's manners, what administrators may know and do about guessing.
 */
@NullMarked
package tap.redemption.api;

import org.jspecify.annotations.NullMarked;
