package tap.redemption.domain;

import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;

/** How often a pass may still be used: one stream a pass. At most one of a user's allowances is not withdrawn. */
public sealed interface Allowance {

    /** Nothing is known of the pass. */
    record NotAdmitted() implements Allowance {}

    /**
     * Admitted, and neither spent, expired, locked nor withdrawn; perhaps not yet valid, perhaps disabled by the policy.
     *
     * @param uses how often it was used
     * @param verifier what checks its code, under its seal; without one nothing matches
     * @param repeatable the latest uses that had a key, oldest first
     */
    record Open(Pass pass, int uses, @Nullable SealedVerifier verifier, List<KeyedUse> repeatable)
            implements Allowance {}

    /**
     * Every use was made. Keeps the verifier: a client that lost its answer proves by the code that the use was its own.
     *
     * @param uses how often it was used
     * @param repeatable the latest uses that had a key, oldest first
     */
    record Spent(Pass pass, int uses, @Nullable SealedVerifier verifier, List<KeyedUse> repeatable)
            implements Allowance {}

    /** Its end came before its uses were made. */
    record Expired(UUID userId, UUID passId, int uses) implements Allowance {}

    /** Too many wrong codes were tried; final. */
    record Locked(UUID userId, UUID passId, int uses) implements Allowance {}

    /** It may not enter, for good. */
    record Refused(UUID userId, UUID passId, RefusalReason reason) implements Allowance {}

    /**
     * It left; final, but asked again it answers again.
     *
     * @param was what it was until then
     */
    record Withdrawn(UUID userId, UUID passId, FinalState was, int uses) implements Allowance {}
}
