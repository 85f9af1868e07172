/** From other services' topics to reactions: offsets live in this service's database and move with their effect. */
@NullMarked
package tap.eventsourcing.followers;

import org.jspecify.annotations.NullMarked;
