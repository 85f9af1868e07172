package tap.redemption.domain;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;

/** What can be asked of an allowance. Each carries the instant of the deciding database's clock. */
public sealed interface AllowanceCommand {

    /** When it is decided. */
    Instant at();

    /**
     * Lets a newly issued pass in.
     *
     * @param pass what was issued
     * @param verifier what checks its code, under its seal
     */
    record Admit(Pass pass, SealedVerifier verifier, Instant at) implements AllowanceCommand {}

    /**
     * Uses the pass once.
     *
     * @param codeMatches whether the submitted code is the pass's
     * @param circumstances policy and directory, as of the same reading as the allowance
     * @param clientId the OAuth client that asks
     * @param jti the id of the token if it comes to one, and of the event
     * @param key by what a repetition is known, or {@code null}: it can have none
     */
    record Redeem(
            boolean codeMatches,
            Circumstances circumstances,
            String clientId,
            UUID jti,
            @Nullable RequestKey key,
            Instant at)
            implements AllowanceCommand {}

    /** Records that the pass's end has come, if it has. */
    record Expire(Instant at) implements AllowanceCommand {}

    /**
     * Closes the pass for good, because of guessing.
     *
     * @param failures how many wrong codes were tried
     */
    record Lock(int failures, Instant at) implements AllowanceCommand {}

    /**
     * Turns a pass away that is not known here, for good.
     *
     * @param reason why it may not enter
     */
    record Refuse(UUID userId, UUID passId, RefusalReason reason, Instant at) implements AllowanceCommand {}

    /** Takes the pass out; answered with an event in every state. */
    record Withdraw(UUID userId, UUID passId, Instant at) implements AllowanceCommand {}

    /**
     * Revokes a token (RFC 7009).
     *
     * @param token its id, that of the redemption
     * @param clientId the OAuth client that it was issued to
     * @param expiresAt from when it is not valid anyway
     * @param standing what the log says of it, as of the same reading as the allowance
     */
    record RevokeToken(UUID token, String clientId, Instant expiresAt, TokenStanding standing, Instant at)
            implements AllowanceCommand {}
}
