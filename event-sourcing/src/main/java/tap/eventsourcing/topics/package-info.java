/** Topics: how an event becomes a record and back, what a topic must look like, and whether the broker answers. */
@NullMarked
package tap.eventsourcing.topics;

import org.jspecify.annotations.NullMarked;
