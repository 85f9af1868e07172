/** Tests of the copies: pure ones here, their SQL against a real PostgreSQL in the tests that end in {@code IT}. */
@NullMarked
package tap.directory;

import org.jspecify.annotations.NullMarked;
