/** What tests of every module are written with. Nothing here may be on a service's run-time class path. */
@NullMarked
package tap.testkit;

import org.jspecify.annotations.NullMarked;
