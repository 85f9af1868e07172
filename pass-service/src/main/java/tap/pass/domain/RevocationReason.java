package tap.pass.domain;

/** Why a pass was taken back. */
public enum RevocationReason {
    /** Somebody deleted it. */
    DELETED("deleted"),
    /** Its user left the directory. */
    USER_REMOVED("userRemoved"),
    /** Its user may not sign in any more. */
    USER_INACTIVE("userInactive");

    private final String value;

    RevocationReason(String value) {
        this.value = value;
    }

    /** As events write it. */
    public String value() {
        return value;
    }
}
