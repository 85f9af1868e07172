package tap.testkit.architecture.straight.domain;

import java.time.Instant;
import java.util.List;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;

/** A decider. */
public final class DoorDecider implements Decider<Instant, Door, Instant, String> {
    @Override
    public Door initial() {
        return new Door.Shut();
    }

    @Override
    public Decision<Instant, String> decide(Instant command, Door state) {
        return switch (state) {
            case Door.Open open -> Decision.reject("open since " + open.since());
            case Door.Shut shut -> Decision.accept(List.of(command));
        };
    }

    @Override
    public Door evolve(Door state, Instant event) {
        return new Door.Open(event);
    }
}
