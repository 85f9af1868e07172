package tap.contract;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * {@code pass-issued.v1}: a pass was issued. Its code is in no event.
 *
 * @param userId whose
 * @param passId which
 * @param createdAt when it was issued
 * @param startsAt from when it may be used, or {@code null}: from its admission
 * @param endsAt from when it may not be used any more: start or creation, plus lifetime
 * @param isUsableOnce whether it is a one-time pass
 * @param maximumUses how often it may be used, or {@code null}: as often as one likes while it lasts
 * @param policyRevision the revision of the policy that it was issued under
 * @param replaces the pass that it takes the place of, or {@code null}
 */
public record PassIssuedV1(
        UUID userId,
        UUID passId,
        Instant createdAt,
        @Nullable Instant startsAt,
        Instant endsAt,
        boolean isUsableOnce,
        @Nullable Integer maximumUses,
        long policyRevision,
        @Nullable UUID replaces)
        implements PublicEvent {}
