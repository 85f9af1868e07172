package tap.eventsourcing;

import java.util.List;

/**
 * The outcome of {@link Decider#decide}: a value, never an exception.
 *
 * @param <E> events
 * @param <R> rejections
 */
public sealed interface Decision<E, R> {

    /** The command is accepted; without events it changes nothing. */
    record Accepted<E, R>(List<E> events) implements Decision<E, R> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /** The command is refused for one reason. */
    record Rejected<E, R>(R rejection) implements Decision<E, R> {}

    /** Accepts with one event. */
    static <E, R> Decision<E, R> accept(E event) {
        return new Accepted<>(List.of(event));
    }

    /** Accepts with the events, in order. */
    static <E, R> Decision<E, R> accept(List<E> events) {
        return new Accepted<>(events);
    }

    /** Accepts, and nothing happens: what was asked for is already so. */
    static <E, R> Decision<E, R> nothing() {
        return new Accepted<>(List.of());
    }

    /** Refuses. */
    static <E, R> Decision<E, R> reject(R rejection) {
        return new Rejected<>(rejection);
    }
}
