/**
 * A consumer of TAP's events that other teams build on: each event takes effect exactly once, in its stream's order, in one
 * transaction with the offset, and whatever the consumer cannot be sure about is held. No framework.
 */
@NullMarked
package tap.consumer;

import org.jspecify.annotations.NullMarked;
