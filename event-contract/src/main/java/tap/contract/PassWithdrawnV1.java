package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code pass-withdrawn.v1}: a pass left redemption-service; no redemption that starts afterwards succeeds.
 *
 * @param userId whose
 * @param passId which
 * @param finalState what it was until then: {@code open}, {@code spent}, {@code expired}, {@code locked} or {@code unknown}
 * @param uses how often it was used
 * @param withdrawnAt when
 */
public record PassWithdrawnV1(UUID userId, UUID passId, String finalState, int uses, Instant withdrawnAt)
        implements PublicEvent {}
