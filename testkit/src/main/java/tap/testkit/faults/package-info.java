/**
 * The faults that tests and the long torture run make: processes killed and frozen, networks that are slow, cut or deaf, databases
 * whose clocks are wrong. Each fault is in force when its method returns, and ends with {@code close} at the latest.
 */
@NullMarked
package tap.testkit.faults;

import org.jspecify.annotations.NullMarked;
