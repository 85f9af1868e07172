/** The story that {@code ./tap demo} tells: what is sent, what comes back, and the events as they arrive on Kafka. */
@NullMarked
package tap.localstack.demo;

import org.jspecify.annotations.NullMarked;
