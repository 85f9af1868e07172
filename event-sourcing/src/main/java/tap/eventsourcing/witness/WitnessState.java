package tap.eventsourcing.witness;

/** What is known about this database's completeness. */
public sealed interface WitnessState {
    /** The running PostgreSQL was found complete; appends are accepted. */
    record Complete() implements WitnessState {}

    /**
     * Not yet found out.
     *
     * @param reason what is waited for
     */
    record Unknown(String reason) implements WitnessState {}

    /**
     * This database lacks events that were published: it has lost the past.
     *
     * @param reason the first event that is missing
     */
    record Lost(String reason) implements WitnessState {}
}
