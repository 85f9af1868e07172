package tap.contract;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * {@code pass-admitted.v1}: a pass entered redemption-service and can be redeemed within its window.
 *
 * @param userId whose
 * @param passId which
 * @param startsAt from when it may be used, or {@code null}: at once
 * @param endsAt from when it may not be used any more
 * @param isUsableOnce whether it is a one-time pass
 * @param maximumUses how often it may be used, or {@code null}: without limit
 * @param issuedVersion the version of {@code pass-issued.v1} in the user's stream, to which the verifier's seal is bound
 * @param admittedAt when
 */
public record PassAdmittedV1(
        UUID userId,
        UUID passId,
        @Nullable Instant startsAt,
        Instant endsAt,
        boolean isUsableOnce,
        @Nullable Integer maximumUses,
        long issuedVersion,
        Instant admittedAt)
        implements PublicEvent {}
