/** Tests of the testkit itself. */
@NullMarked
package tap.testkit;

import org.jspecify.annotations.NullMarked;
