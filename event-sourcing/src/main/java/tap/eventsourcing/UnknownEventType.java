package tap.eventsourcing;

/** A stored or received event type that this build cannot read: it is older than the data. Fails loudly, never skipped. */
public final class UnknownEventType extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param type the stored name and version that is unknown */
    public UnknownEventType(String type) {
        super("event type \"" + type + "\" is unknown to this build; a newer release wrote it");
    }
}
