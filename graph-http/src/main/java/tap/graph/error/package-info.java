/** What went wrong, as a value, and the forms in which a path says it. */
@NullMarked
package tap.graph.error;

import org.jspecify.annotations.NullMarked;
