/** Holds what was published against what was promised: every message against the schema of its type. */
@NullMarked
package tap.testkit.contract;

import org.jspecify.annotations.NullMarked;
