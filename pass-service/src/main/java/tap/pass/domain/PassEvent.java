package tap.pass.domain;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;

/** What can have happened to the pass of a user. */
public sealed interface PassEvent {

    /**
     * A pass was issued.
     *
     * @param pass as it was issued
     * @param policyRevision the policy that it was issued under
     * @param replaces the pass that it took the place of, or {@code null}
     * @param verifier what checks its code, under its seal; {@code null} only where a restore found none
     */
    record PassIssued(
            IssuedPass pass,
            long policyRevision,
            @Nullable UUID replaces,
            @Nullable SealedVerifier verifier) implements PassEvent {}

    /** A pass was taken back. */
    record PassRevoked(UUID userId, UUID passId, RevocationReason reason, Instant at) implements PassEvent {}
}
