package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A pass as it was issued; nothing of it ever changes.
 *
 * @param userId whose
 * @param passId which
 * @param createdAt when it was issued
 * @param startsAt from when it may be used, or {@code null}: from its admission
 * @param endsAt from when it may not be used any more
 * @param isUsableOnce whether it is a one-time pass
 * @param maximumUses how often it may be used, or {@code null}: as often as one likes while it lasts
 */
public record IssuedPass(
        UUID userId,
        UUID passId,
        Instant createdAt,
        @Nullable Instant startsAt,
        Instant endsAt,
        boolean isUsableOnce,
        @Nullable Integer maximumUses) {

    /** The start that people are shown. */
    public Instant shownStart() {
        return startsAt == null ? createdAt : startsAt;
    }

    /** From the shown start to the end. */
    public Duration lifetime() {
        return Duration.between(shownStart(), endsAt);
    }
}
