/** One command on a developer's machine: real PostgreSQL and Kafka, the three packaged services, one gateway port. */
@NullMarked
package tap.localstack;

import org.jspecify.annotations.NullMarked;
