/**
 * Gathers what a command needs and takes it to the store; configuration, health, and {@link tap.policy.application.Wiring}, where
 * everything is plugged together. No HTTP, no rules.
 */
@NullMarked
package tap.policy.application;

import org.jspecify.annotations.NullMarked;
