package tap.eventsourcing;

/**
 * The rules of one aggregate, pure: no clock, no randomness, no I/O. Time, ids and secrets enter inside the command.
 *
 * @param <C> commands, sealed
 * @param <S> states, sealed
 * @param <E> events, sealed
 * @param <R> rejections, sealed
 */
public interface Decider<C, S, E, R> {
    /** The state of a stream that has no event yet. */
    S initial();

    /** What the command leads to in this state: events, nothing, or one rejection. Never throws for a business reason. */
    Decision<E, R> decide(C command, S state);

    /** The state after the event. Total: every event that was ever stored can be folded. */
    S evolve(S state, E event);
}
