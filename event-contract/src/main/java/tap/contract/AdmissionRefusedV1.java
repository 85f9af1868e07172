package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code admission-refused.v1}: a pass may not enter redemption-service, for good.
 *
 * @param userId whose
 * @param passId which
 * @param reason {@code expired} or {@code restored}
 * @param refusedAt when
 */
public record AdmissionRefusedV1(UUID userId, UUID passId, String reason, Instant refusedAt) implements PublicEvent {}
