package tap.redemption.domain;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;

/** What can have happened to an allowance. */
public sealed interface AllowanceEvent {

    /**
     * The pass can be redeemed within its window.
     *
     * @param verifier under its seal, as it was received; {@code null} only where a restore found none
     */
    record PassAdmitted(Pass pass, @Nullable SealedVerifier verifier, Instant at) implements AllowanceEvent {}

    /** The pass may not enter, for good. */
    record AdmissionRefused(UUID userId, UUID passId, RefusalReason reason, Instant at) implements AllowanceEvent {}

    /**
     * The pass was used.
     *
     * @param use which use this was, from 1
     * @param limit of how many, or {@code null}: without limit
     * @param jti the token's id and the event's
     * @param key by what a repetition is known, or {@code null}; in no message
     */
    record PassRedeemed(
            UUID userId,
            UUID passId,
            int use,
            @Nullable Integer limit,
            String clientId,
            UUID jti,
            Instant at,
            @Nullable RequestKey key)
            implements AllowanceEvent {}

    /** The last use was made; stands in the same append as that use. */
    record PassSpent(UUID userId, UUID passId, int uses, Instant at) implements AllowanceEvent {}

    /** The pass reached its end unspent. */
    record PassExpired(UUID userId, UUID passId, int uses, Instant at) implements AllowanceEvent {}

    /** Too many wrong codes were tried. */
    record PassLocked(UUID userId, UUID passId, int uses, int failures, Instant at) implements AllowanceEvent {}

    /** The pass left; no redemption that starts afterwards succeeds. */
    record PassWithdrawn(UUID userId, UUID passId, FinalState finalState, int uses, Instant at)
            implements AllowanceEvent {}

    /**
     * A token of one of the redemptions was revoked before its end; of the pass it says nothing.
     *
     * @param clientId the OAuth client that it was issued to
     * @param jti the token's id
     */
    record TokenRevoked(UUID userId, UUID passId, String clientId, UUID jti, Instant at) implements AllowanceEvent {}
}
