package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code pass-expired.v1}: a pass reached its end unspent.
 *
 * @param userId whose
 * @param passId which
 * @param uses how often it was used
 * @param expiredAt when
 */
public record PassExpiredV1(UUID userId, UUID passId, int uses, Instant expiredAt) implements PublicEvent {}
