package tap.eventsourcing.restore;

/** The database cannot be restored as it is; the message says why, and what an operator can do. Nothing is half done that a repetition would not finish. */
public final class RestoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason for the operator; no secrets, no names */
    public RestoreException(String reason) {
        super(reason);
    }
}
