package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code token-revoked.v1}: a token of one of the pass's redemptions was revoked before its end.
 *
 * @param userId whose
 * @param passId which pass it was redeemed with
 * @param clientId the OAuth client that it was issued to, which revoked it
 * @param jti the token's id, that of its {@code pass-redeemed.v1}
 * @param revokedAt when
 */
public record TokenRevokedV1(UUID userId, UUID passId, String clientId, UUID jti, Instant revokedAt)
        implements PublicEvent {}
