/** The one port in front of the services. It only routes: no token is read here, no business rule decided. */
@NullMarked
package tap.localstack.gateway;

import org.jspecify.annotations.NullMarked;
