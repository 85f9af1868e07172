/** Who may do what: pure rules over a caller that was read from a verified token. No HTTP, no database. */
@NullMarked
package tap.graph.access;

import org.jspecify.annotations.NullMarked;
