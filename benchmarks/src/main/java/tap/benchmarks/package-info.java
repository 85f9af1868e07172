/** Load from outside on a running stack, at fixed rates, latencies corrected for coordinated omission. Never part of a test. */
@NullMarked
package tap.benchmarks;

import org.jspecify.annotations.NullMarked;
