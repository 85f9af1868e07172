package tap.eventsourcing;

/** A message that can never be applied, however often it is tried: its stream is parked and fails closed. */
public final class NotApplicable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong with it, for the operator; no secrets, no names */
    public NotApplicable(String reason) {
        super(reason);
    }

    /** As the other one, with the failure behind it. */
    public NotApplicable(String reason, Throwable cause) {
        super(reason, cause);
    }
}
