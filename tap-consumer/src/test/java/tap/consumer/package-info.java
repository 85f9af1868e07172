/** Tests of the consumer library: the judge without I/O, the loop on real PostgreSQL and Kafka. */
@NullMarked
package tap.consumer;

import org.jspecify.annotations.NullMarked;
