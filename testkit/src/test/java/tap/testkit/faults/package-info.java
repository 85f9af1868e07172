/** The fault kit makes the faults that it says it makes. */
@NullMarked
package tap.testkit.faults;

import org.jspecify.annotations.NullMarked;
