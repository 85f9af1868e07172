/**
 * The conformance kit: plays a history, and everything that TAP's topics may bring instead of it, to a consumer and compares what
 * the consumer makes of each. Knows neither the consumer's language of state nor a test framework.
 */
@NullMarked
package tap.consumer.kit;

import org.jspecify.annotations.NullMarked;
