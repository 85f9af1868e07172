package tap.pass.domain;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known here of a pass's allowance, which is redemption-service's: facts that have arrived, never a guess.
 *
 * @param admitted whether it can be redeemed there
 * @param refused whether it will never be let in there
 * @param uses how often it was used
 * @param lastUsedAt when last, or {@code null}: never
 * @param spent whether the last use was made
 * @param expired whether its end was recorded
 * @param locked whether guessing closed it
 * @param withdrawn whether it has left
 */
public record Allowance(
        boolean admitted,
        boolean refused,
        int uses,
        @Nullable Instant lastUsedAt,
        boolean spent,
        boolean expired,
        boolean locked,
        boolean withdrawn) {
    /** Nothing has arrived yet. */
    public static final Allowance UNKNOWN = new Allowance(false, false, 0, null, false, false, false, false);
}
