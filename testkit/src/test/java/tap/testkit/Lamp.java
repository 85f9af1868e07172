package tap.testkit;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;

/** The smallest aggregate that has everything: a lamp with a bulb that burns out after so many switches. */
public sealed interface Lamp {
    /** Never switched, or switched off. */
    record Dark(int switches) implements Lamp {}

    /** Switched on. */
    record Bright(int switches) implements Lamp {}

    /** Over. */
    record Burnt() implements Lamp {}

    /** What can be asked of it. */
    sealed interface Command {
        /** Switch on; a bulb lasts for so many switches. */
        record SwitchOn(int lifetime) implements Command {}

        /** Switch off. */
        record SwitchOff() implements Command {}
    }

    /** What happens to it. */
    sealed interface Event {
        /** It went on. */
        record SwitchedOn(int switches) implements Event {}

        /** It went off. */
        record SwitchedOff() implements Event {}

        /** Its bulb gave out. */
        record BurntOut() implements Event {}
    }

    /** Why not. */
    sealed interface Rejection {
        /** The bulb is gone. */
        record BulbBurnt() implements Rejection {}
    }

    /** The rules. */
    final class Rules implements Decider<Command, Lamp, Event, Rejection> {
        @Override
        public Lamp initial() {
            return new Dark(0);
        }

        @Override
        public Decision<Event, Rejection> decide(Command command, Lamp lamp) {
            return switch (command) {
                case Command.SwitchOn on ->
                    switch (lamp) {
                        case Dark dark when dark.switches() >= on.lifetime() -> Decision.accept(new Event.BurntOut());
                        case Dark dark -> Decision.accept(new Event.SwitchedOn(dark.switches() + 1));
                        case Bright bright -> Decision.nothing();
                        case Burnt burnt -> Decision.reject(new Rejection.BulbBurnt());
                    };
                case Command.SwitchOff off ->
                    switch (lamp) {
                        case Bright bright -> Decision.accept(new Event.SwitchedOff());
                        case Dark dark -> Decision.nothing();
                        case Burnt burnt -> Decision.reject(new Rejection.BulbBurnt());
                    };
            };
        }

        @Override
        public Lamp evolve(Lamp lamp, Event event) {
            return switch (event) {
                case Event.SwitchedOn on -> new Bright(on.switches());
                case Event.SwitchedOff off -> lamp instanceof Bright bright ? new Dark(bright.switches()) : lamp;
                case Event.BurntOut burnt -> new Burnt();
            };
        }
    }
}
