package tap.eventsourcing;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a command is made from.
 *
 * @param streamId the stream, or {@code null} if the load found none to decide on: such a command can only be rejected
 * @param version the stream's version, 0 when new; the next event will have {@code version + 1}
 * @param state the folded state
 * @param now the deciding database's clock, in UTC
 * @param context what else the load read
 * @param <S> states
 * @param <X> the context
 */
public record Loaded<S, X>(@Nullable String streamId, long version, S state, Instant now, X context) {}
