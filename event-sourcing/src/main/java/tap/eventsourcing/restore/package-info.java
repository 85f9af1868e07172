/** Brings a database back that has lost the past: replays the service's own topics into its log, and rebuilds the heads. */
@NullMarked
package tap.eventsourcing.restore;

import org.jspecify.annotations.NullMarked;
