package tap.redemption.domain;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What was issued, as far as redeeming has to know it.
 *
 * @param userId whose
 * @param passId which
 * @param startsAt from when it may be used, or {@code null}: at once
 * @param endsAt from when it may not be used any more
 * @param isUsableOnce whether it is a one-time pass
 * @param maximumUses how often it may be used, or {@code null}: without limit, unless it is a one-time pass
 * @param issuedVersion the version of its issue in the user's stream, to which the seal of its verifier is bound
 */
public record Pass(
        UUID userId,
        UUID passId,
        @Nullable Instant startsAt,
        Instant endsAt,
        boolean isUsableOnce,
        @Nullable Integer maximumUses,
        long issuedVersion) {

    /** How often it may be used at all, or {@code null}: without limit. */
    public @Nullable Integer limit() {
        return isUsableOnce ? Integer.valueOf(1) : maximumUses;
    }

    /** Whether this use is the last one. */
    public boolean isLast(int use) {
        Integer limit = limit();
        return limit != null && use >= limit;
    }

    /** Whether its window has not opened yet. */
    public boolean isBeforeStart(Instant at) {
        return startsAt != null && at.isBefore(startsAt);
    }

    /** Whether its window has closed: the end itself is outside. */
    public boolean isOver(Instant at) {
        return !at.isBefore(endsAt);
    }
}
