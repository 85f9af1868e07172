/** Tests of the testkit itself, and the suites of the event store, the relay and the followers on the real things. */
@NullMarked
package tap.testkit;

import org.jspecify.annotations.NullMarked;
