/** Waiting until what was committed is effective everywhere: by position for topics, by fact for single things. */
@NullMarked
package tap.eventsourcing.confirmation;

import org.jspecify.annotations.NullMarked;
