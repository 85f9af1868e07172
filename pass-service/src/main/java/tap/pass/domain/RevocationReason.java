package tap.pass.domain;

/** Why a pass was taken back. */
public enum RevocationReason {
    /** Somebody deleted it. */
    DELETED,
    /** Its user left the directory. */
    USER_REMOVED,
    /** Its user may not sign in any more. */
    USER_INACTIVE
}
