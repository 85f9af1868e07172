package tap.redemption.domain;

/**
 * Why a redemption is refused. The client never learns which: to it all are one {@code invalid_grant}. The names are what
 * metrics count by.
 */
public enum AllowanceRejection {
    /** The user has no pass here, or there is no such user. */
    NO_PASS,
    /** The code is not the pass's. */
    WRONG_CODE,
    /** The window has not opened yet. */
    NOT_YET_VALID,
    /** The window has closed, recorded or not. */
    EXPIRED,
    /** Every use was made. */
    SPENT,
    /** Too many wrong codes were tried. */
    LOCKED,
    /** The pass was withdrawn while the redemption was under way. */
    WITHDRAWN,
    /** The pass was never let in. */
    NOT_ADMITTED,
    /** The request's key belongs to one that asked for something else. */
    KEY_REUSED,
    /** The policy is disabled. */
    POLICY_DISABLED,
    /** The policy admits one-time passes only, and this is none. */
    MULTI_USE_FORBIDDEN,
    /** The policy does not target the user. */
    NOT_TARGETED,
    /** The user is inactive or was removed. */
    USER_INACTIVE,
    /** A message about the user, the pass or the policy could not be applied. */
    FENCED
}
