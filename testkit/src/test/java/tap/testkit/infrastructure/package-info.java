/** Tests of the shared PostgreSQL and Kafka. */
@NullMarked
package tap.testkit.infrastructure;

import org.jspecify.annotations.NullMarked;
