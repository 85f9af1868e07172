/** Read models, one folder each. Reads only: whoever wants to change something sends a command. */
@NullMarked
package tap.pass.projections;

import org.jspecify.annotations.NullMarked;
