/** Tests of the library's pure parts; store, relay and followers are tested in {@code testkit} against the real things. */
@NullMarked
package tap.eventsourcing;

import org.jspecify.annotations.NullMarked;
