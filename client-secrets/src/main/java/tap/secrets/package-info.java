/**
 * Secrets by which clients that an operator configures are known. The configuration holds hashes; no secret is kept, shown or
 * quoted. Pure Java, no framework.
 */
@NullMarked
package tap.secrets;

import org.jspecify.annotations.NullMarked;
