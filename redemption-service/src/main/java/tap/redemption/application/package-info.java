/**
 * Gathers what a command needs and takes it to the store; keys, tokens, configuration, health, and
 * {@link tap.redemption.application.Wiring}, where everything is plugged together. No HTTP, no rules.
 */
@NullMarked
package tap.redemption.application;

import org.jspecify.annotations.NullMarked;
