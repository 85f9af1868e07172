/** What an event log may not be. */
@NullMarked
package tap.testkit.architecture.crooked.log;

import org.jspecify.annotations.NullMarked;
