package tap.redemption.application;

import java.time.Instant;
import java.util.UUID;

import tap.redemption.domain.Pass;

/** What came of an attempt to redeem a pass. */
public sealed interface Redemption {

    /**
     * The pass was used once; committed, now or with the request that this one repeats.
     *
     * @param pass which
     * @param jti id of the token to be issued, and of the event
     * @param at when it was used
     * @param now when it was asked for
     */
    record Redeemed(Pass pass, UUID jti, Instant at, Instant now) implements Redemption {}

    /** Refused; why is nobody's business but the operator's, and in the metrics. */
    record Refused() implements Redemption {}

    /** Too many attempts at this name, or from there, are under way or have failed lately; the code was not looked at. */
    record Throttled() implements Redemption {}
}
