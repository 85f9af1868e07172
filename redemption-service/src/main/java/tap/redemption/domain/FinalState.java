package tap.redemption.domain;

/** What an allowance was when it was withdrawn. */
public enum FinalState {
    /** It could still have been used. */
    OPEN,
    /** Every use had been made. */
    SPENT,
    /** Its end had come. */
    EXPIRED,
    /** Too many wrong codes had been tried. */
    LOCKED,
    /** The pass had never been here. */
    UNKNOWN
}
