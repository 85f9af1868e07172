package tap.eventsourcing;

/** What became of an append. */
public sealed interface AppendOutcome {
    /** All heads moved; {@code appended} says where in the log, and is committed when the transaction is. */
    record Done(Appended appended) implements AppendOutcome {}

    /** Another append was first; nothing moved. */
    enum Conflict implements AppendOutcome {
        /** The one conflict. */
        INSTANCE
    }

    /** The decision is older than 5 s, or the witness does not name this PostgreSQL run; nothing moved. */
    enum Refused implements AppendOutcome {
        /** The one refusal. */
        INSTANCE
    }
}
