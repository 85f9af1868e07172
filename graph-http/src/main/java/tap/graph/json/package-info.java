/** Strict reading of request bodies, as Graph reads them. Messages name the member and what was expected. */
@NullMarked
package tap.graph.json;

import org.jspecify.annotations.NullMarked;
