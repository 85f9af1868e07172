/** Stored names are pinned, every event can be read again. */
@NullMarked
package tap.pass.publishing;

import org.jspecify.annotations.NullMarked;
