package tap.redemption.application;

import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * One of the 32 places for attempts under way that a key has.
 *
 * @param key a user's id, or the pseudonym of a name that nobody has
 * @param takenAt which place: the instant at which it was taken; places of the same instant are interchangeable
 * @param passId the pass that wrong codes count against, or {@code null}
 * @param wrong how many were counted against it
 */
record Place(String key, OffsetDateTime takenAt, @Nullable String passId, int wrong) {

    /** Whether the pass has had as many wrong codes as lock it, recorded as an event or not yet. */
    boolean exhausts(@Nullable String streamId) {
        return passId != null && passId.equals(streamId) && wrong >= Guessing.WRONG_CODES_THAT_LOCK;
    }
}
