package tap.contract;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * {@code pass-redeemed.v1}: a pass was used once.
 *
 * @param userId by whom
 * @param passId which
 * @param use which use this was, from 1
 * @param maximumUses of how many, or {@code null}: without limit
 * @param clientId the OAuth client that asked
 * @param jti the id of the token that was issued, equal to the event's id
 * @param redeemedAt when
 */
public record PassRedeemedV1(
        UUID userId, UUID passId, int use, @Nullable Integer maximumUses, String clientId, UUID jti, Instant redeemedAt)
        implements PublicEvent {}
