/** What this service knew at an earlier moment: its own log, folded up to then, and what it had received from others. */
@NullMarked
package tap.pass.projections.past;

import org.jspecify.annotations.NullMarked;
