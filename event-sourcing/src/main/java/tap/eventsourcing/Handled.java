package tap.eventsourcing;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What became of a command.
 *
 * @param <S> states
 * @param <E> events
 * @param <R> rejections
 */
public sealed interface Handled<S, E, R> {

    /**
     * The command was accepted and its events are committed.
     *
     * @param state the state after them
     * @param events what was appended, in order; empty if nothing had to happen
     * @param appended where in the log, to wait for its confirmation
     * @param now the instant of the decision
     */
    record Accepted<S, E, R>(S state, List<Recorded<E>> events, Appended appended, Instant now)
            implements Handled<S, E, R> {}

    /**
     * The command was refused; nothing was appended.
     *
     * @param rejection why
     * @param state the state that it was judged against
     * @param now the instant of the decision
     */
    record Rejected<S, E, R>(R rejection, S state, Instant now) implements Handled<S, E, R> {}

    /**
     * An event with its place in the stream.
     *
     * @param eventId UUID version 7, also the CloudEvents id
     * @param version the stream's version with it
     * @param event the event
     */
    record Recorded<E>(UUID eventId, long version, E event) {}
}
