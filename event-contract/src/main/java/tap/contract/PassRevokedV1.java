package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code pass-revoked.v1}: a pass was taken back.
 *
 * @param userId whose
 * @param passId which
 * @param reason {@code deleted}, {@code userRemoved} or {@code userInactive}
 * @param revokedAt when
 */
public record PassRevokedV1(UUID userId, UUID passId, String reason, Instant revokedAt) implements PublicEvent {}
