/** What must hold at rest: one class each, judged by what the databases and the topics contain, never by what a service says. */
@NullMarked
package tap.endtoend.torture.invariants;

import org.jspecify.annotations.NullMarked;
