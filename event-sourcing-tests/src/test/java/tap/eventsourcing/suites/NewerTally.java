package tap.eventsourcing.suites;

import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.StateCodec;

/** {@link Tally} one release later: an addition may carry a note, heads are kept in another form, and a tally can be emptied. */
sealed interface NewerTally {
    /** The stored names: one with an additional optional member, and a new one. */
    EventCodec<Event> EVENTS = JsonEventCodec.<Event>with(Tally.MAPPER)
            .event(
                    "added.v1",
                    Event.Added.class,
                    AddedV1.class,
                    added -> new AddedV1(added.total(), added.note()),
                    stored -> new Event.Added(stored.total(), stored.note()))
            .event(
                    "emptied.v1",
                    Event.Emptied.class,
                    EmptiedV1.class,
                    emptied -> new EmptiedV1(emptied.from()),
                    stored -> new Event.Emptied(stored.from()))
            .build();

    /** How heads are kept since. */
    StateCodec<NewerTally> STATES =
            new JsonStateCodec<>(NewerTally.class, 2, Tally.MAPPER, state -> "key", state -> false);

    /** The state; it knows the newest note. */
    record Counted(int total, @Nullable String note) implements NewerTally {}

    /** What can be asked. */
    sealed interface Command {
        /** One more, with or without a note. */
        record Add(@Nullable String note) implements Command {}

        /** Back to nothing. */
        record Empty() implements Command {}
    }

    /** What happens. */
    sealed interface Event {
        /** So many now. */
        record Added(int total, @Nullable String note) implements Event {}

        /** None any more. */
        record Emptied(int from) implements Event {}
    }

    /** Its public record, with an addition. */
    record AddedV1(int total, @Nullable String note) {}

    /** A public record that nobody knew before. */
    record EmptiedV1(int from) {}

    /** Nothing is ever refused. */
    sealed interface Never {}

    /** There is none. */
    record Nothing() implements Never {}

    /** The rules. */
    final class Rules implements Decider<Command, NewerTally, Event, Never> {
        @Override
        public NewerTally initial() {
            return new Counted(0, null);
        }

        @Override
        public Decision<Event, Never> decide(Command command, NewerTally state) {
            return switch (state) {
                case Counted counted ->
                    switch (command) {
                        case Command.Add add -> Decision.accept(new Event.Added(counted.total() + 1, add.note()));
                        case Command.Empty empty -> Decision.accept(new Event.Emptied(counted.total()));
                    };
            };
        }

        @Override
        public NewerTally evolve(NewerTally state, Event event) {
            return switch (state) {
                case Counted counted ->
                    switch (event) {
                        case Event.Added added ->
                            new Counted(added.total(), added.note() == null ? counted.note() : added.note());
                        case Event.Emptied emptied -> new Counted(0, counted.note());
                    };
            };
        }
    }
}
