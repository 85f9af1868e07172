package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code pass-spent.v1}: the last use of a pass was made.
 *
 * @param userId whose
 * @param passId which
 * @param uses how often it was used
 * @param spentAt when
 */
public record PassSpentV1(UUID userId, UUID passId, int uses, Instant spentAt) implements PublicEvent {}
