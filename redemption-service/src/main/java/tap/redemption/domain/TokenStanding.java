package tap.redemption.domain;

/** What the log says of a token. Whether its time is over is said by the token itself. */
public enum TokenStanding {
    /** No redemption of an allowance that is not withdrawn has this id. */
    UNKNOWN,
    /** It was issued by such a redemption. */
    ISSUED,
    /** It was, and has been revoked since. */
    REVOKED
}
