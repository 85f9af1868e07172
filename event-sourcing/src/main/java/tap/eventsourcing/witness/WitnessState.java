package tap.eventsourcing.witness;

/** What is known about this database's completeness. */
public sealed interface WitnessState {

    /** In one sentence, for people; {@code service} is the one whose database it is. */
    String describe(String service);

    /** The running PostgreSQL was found complete; appends are accepted. */
    record Complete() implements WitnessState {
        @Override
        public String describe(String service) {
            return "complete";
        }
    }

    /**
     * Not yet found out.
     *
     * @param reason what is waited for
     */
    record Unknown(String reason) implements WitnessState {
        @Override
        public String describe(String service) {
            return "it is not yet known whether this database is complete: " + reason;
        }
    }

    /**
     * This database lacks events that were published: it has lost the past. Only restore helps.
     *
     * @param reason the first event that is missing, or what else is wrong
     */
    record Lost(String reason) implements WitnessState {
        @Override
        public String describe(String service) {
            return "this database has lost the past: run ./tap restore " + service + " (" + reason + ")";
        }
    }
}
