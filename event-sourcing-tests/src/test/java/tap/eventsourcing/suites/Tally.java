package tap.eventsourcing.suites;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.Ids;
import tap.eventsourcing.JsonEventCodec;
import tap.eventsourcing.JsonStateCodec;
import tap.eventsourcing.Metadata;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;
import tap.eventsourcing.StreamAppend;

/** An aggregate for the suites: a counter with a limit, so that every accepted command is an event and "exactly N" can be seen. */
sealed interface Tally {
    JsonMapper MAPPER = JsonMapper.builder().build();

    /** The stored names. */
    EventCodec<Added> EVENTS = codec().build();

    /** The stored names of the release before {@link NewerTally}: it writes nothing new, and reads what that one will write. */
    EventCodec<Added> READING_NEWER_EVENTS = codec().older(
                    "emptied.v1", NewerTally.EmptiedV1.class, (stored, mark) -> new Added(0, null))
            .build();

    private static JsonEventCodec.Builder<Added> codec() {
        return JsonEventCodec.<Added>with(MAPPER)
                .sealedEvent(
                        "added.v1",
                        Added.class,
                        AddedV1.class,
                        added -> new AddedV1(added.total()),
                        Added::mark,
                        (stored, mark) -> new Added(stored.total(), mark));
    }

    /** One more, but not beyond the limit; with a mark that is stored sealed, or none. */
    record Add(int limit, @Nullable SealedPart mark) {
        Add(int limit) {
            this(limit, null);
        }
    }

    /** So many now. */
    record Added(int total, @Nullable SealedPart mark) {}

    /** Its public record. */
    record AddedV1(int total) {}

    /** The limit is reached. */
    record Full(int limit) {}

    /** The state. */
    record Counted(int total) implements Tally {}

    /** How heads are kept, in this version of the form. */
    static StateCodec<Tally> states(int version) {
        return new JsonStateCodec<>(Tally.class, version, MAPPER, state -> "key", state -> false);
    }

    /** As many new events of a stream as asked for, with the head that they lead to. */
    static StreamAppend append(String streamId, long expectedVersion, int events) {
        Metadata metadata = new Metadata("actor", "correlation", null);
        List<StreamAppend.NewEvent> written = IntStream.rangeClosed(1, events)
                .mapToObj(i -> EVENTS.write(new Added((int) expectedVersion + i, null)))
                .map(event -> new StreamAppend.NewEvent(Ids.next(), Instant.now(), metadata, event))
                .toList();
        StateCodec.Written head = states(1).write(new Counted((int) expectedVersion + events));
        return new StreamAppend(streamId, expectedVersion, head, 1, written);
    }

    /** The rules. */
    final class Rules implements Decider<Add, Tally, Added, Full> {
        @Override
        public Tally initial() {
            return new Counted(0);
        }

        @Override
        public Decision<Added, Full> decide(Add command, Tally state) {
            return switch (state) {
                case Counted counted ->
                    counted.total() >= command.limit()
                            ? Decision.reject(new Full(command.limit()))
                            : Decision.accept(new Added(counted.total() + 1, command.mark()));
            };
        }

        @Override
        public Tally evolve(Tally state, Added event) {
            return new Counted(event.total());
        }
    }
}
