package tap.redemption.domain;

import java.time.Instant;
import java.util.UUID;

/**
 * A use that a client whose answer was lost can ask for again.
 *
 * @param request by what the repetition is known
 * @param jti the token's id and the event's
 * @param at when the pass was used
 */
public record KeyedUse(RequestKey request, UUID jti, Instant at) {}
