package tap.pass.domain;

import java.time.Duration;
import java.util.UUID;

/** Why a command is refused. */
public sealed interface PassRejection {

    /** The directory has no such user. */
    record UserUnknown() implements PassRejection {}

    /** The user's account is elsewhere. */
    record UserExternalGuest() implements PassRejection {}

    /** The policy allows nobody a pass. */
    record PolicyDisabled() implements PassRejection {}

    /** The policy does not include the user, or excludes the user. */
    record UserNotTargeted() implements PassRejection {}

    /** The user may not sign in at all. */
    record UserInactive() implements PassRejection {}

    /** What is known of the user or of the policy may be out of date, after a fault that an operator has to mend. */
    record UserFenced() implements PassRejection {}

    /** The lifetime is not within the policy's limits. */
    record LifetimeOutOfRange(int minimumInMinutes, int maximumInMinutes) implements PassRejection {}

    /** The policy allows one-time passes only. */
    record MultipleUseNotAllowed() implements PassRejection {}

    /** The number of uses is not one that a pass can have. */
    record MaximumUsesOutOfRange(int minimum, int maximum) implements PassRejection {}

    /** One use and more than one use, or several uses and one: only one of both can be meant. */
    record MaximumUsesContradictory(boolean isUsableOnce, int maximumUses) implements PassRejection {}

    /** The start is over. */
    record StartInThePast() implements PassRejection {}

    /** The start is too far away. */
    record StartTooFarAhead(Duration mostAhead) implements PassRejection {}

    /** The caller's key stands for another request, which has issued a pass. */
    record KeyOfAnotherRequest() implements PassRejection {}

    /** The user has a pass that may still be used, and it was to be kept. */
    record PassKept(UUID passId) implements PassRejection {}

    /** The caller has issued as many passes as one administrator may, and may issue again after a while. */
    record IssuingLimitReached(Duration retryAfter) implements PassRejection {}

    /** The user has no such pass, or not any more. */
    record PassUnknown(UUID passId) implements PassRejection {}
}
