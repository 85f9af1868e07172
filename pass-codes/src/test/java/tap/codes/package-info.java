/** Known answers, tampering, properties over printed seeds; nothing here does I/O beyond a temporary key folder. */
@NullMarked
package tap.codes;

import org.jspecify.annotations.NullMarked;
