/** Stacks of real PostgreSQL, Kafka and small services, supervised in a JVM of their own that the tests can kill. */
@NullMarked
package tap.localstack.supervisor;

import org.jspecify.annotations.NullMarked;
