/** The infrastructure against the real PostgreSQL and Kafka. */
@NullMarked
package tap.localstack.infrastructure;

import org.jspecify.annotations.NullMarked;
