package tap.contract;

import java.time.Instant;
import java.util.UUID;

/**
 * {@code pass-locked.v1}: too many wrong codes were tried; the pass is of no more use.
 *
 * @param userId whose
 * @param passId which
 * @param uses how often it was used
 * @param failures how many wrong codes were tried
 * @param lockedAt when
 */
public record PassLockedV1(UUID userId, UUID passId, int uses, int failures, Instant lockedAt) implements PublicEvent {}
