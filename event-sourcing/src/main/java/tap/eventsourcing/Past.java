package tap.eventsourcing;

import java.time.Instant;

/**
 * What a stream was at an earlier moment.
 *
 * @param state folded from the events that had happened by then
 * @param version of the last of them, 0: there was none
 * @param settled moments up to this one are past: whatever is decided from now on happens after it, in UTC
 * @param <S> states
 */
public record Past<S>(S state, long version, Instant settled) {}
