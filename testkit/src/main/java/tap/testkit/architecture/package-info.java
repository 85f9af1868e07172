/** What every service and library must look like, as rules that fail its build. Each rule is broken on purpose in our tests. */
@NullMarked
package tap.testkit.architecture;

import org.jspecify.annotations.NullMarked;
