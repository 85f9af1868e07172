/** The gateway over real sockets, with plain Vert.x servers as pods. */
@NullMarked
package tap.localstack.gateway;

import org.jspecify.annotations.NullMarked;
