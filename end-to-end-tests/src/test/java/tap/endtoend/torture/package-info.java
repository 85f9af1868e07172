/**
 * Random faults under load, and what must hold afterwards whatever happened. The load and the faults are here, what is judged at the
 * end in {@code invariants}.
 */
@NullMarked
package tap.endtoend.torture;

import org.jspecify.annotations.NullMarked;
