package tap.redemption.domain;

/** Why a pass may not enter. */
public enum RefusalReason {
    /** Its end had come before it arrived. */
    EXPIRED,
    /** It was issued in a past that this service has lost and restored. */
    RESTORED
}
