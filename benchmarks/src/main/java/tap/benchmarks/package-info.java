/**
 * Load from outside on a running stack, at fixed rates, latencies corrected for coordinated omission; and the relay alone, beside a
 * bare loop in the same run. Never part of a test.
 */
@NullMarked
package tap.benchmarks;

import org.jspecify.annotations.NullMarked;
