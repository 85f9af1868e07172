/** The edge of a service: request ids, body limits, the access log, and every failure turned into the protocol of its path. */
@NullMarked
package tap.graph.edge;

import org.jspecify.annotations.NullMarked;
