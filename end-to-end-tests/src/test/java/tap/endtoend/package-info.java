/** The packaged services from outside: over HTTP through the gateway, over Kafka, and through faults. Nothing is mocked. */
@NullMarked
package tap.endtoend;

import org.jspecify.annotations.NullMarked;
