/**
 * The rules of an allowance: commands, events, states, rejections and the decider. Pure: no framework, clock or randomness.
 */
@NullMarked
package tap.redemption.domain;

import org.jspecify.annotations.NullMarked;
