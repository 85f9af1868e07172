/**
 * Gathers what a command needs and takes it to the store; configuration, health, and {@link tap.pass.application.Wiring}, where
 * everything is plugged together. No HTTP, no rules.
 */
@NullMarked
package tap.pass.application;

import org.jspecify.annotations.NullMarked;
