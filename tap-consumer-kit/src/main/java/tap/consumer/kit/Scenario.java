package tap.consumer.kit;

/** What the kit plays to a consumer. */
public enum Scenario {
    /** Every event once, in order. */
    CLEAN("a clean history"),
    /** Each event twice in a row. */
    EVERY_EVENT_TWICE("every event twice"),
    /** The publisher begins again from the start, several times. */
    RESENT_PREFIXES("prefixes that are sent again"),
    /** The second event of a stream is missing. */
    GAP("a gap in a stream"),
    /** A second event in the place of a stream's first. */
    FORK("a fork of a stream"),
    /** An event of a type that no release knows. */
    UNKNOWN_TYPE("an event of unknown type"),
    /** An event of a known type in a version that no release knows. */
    NEWER_VERSION("an event in a newer version"),
    /** Every event has a member that this release does not know. */
    OPTIONAL_MEMBER("an optional member that was added"),
    /** The consumer loses its data and reads everything again. */
    REPLAY("a replay from zero"),
    /** The consumer is stopped and started again while events come. */
    RESTARTS("restarts in between"),
    /** The consumer is killed just when its offset or its state has moved. */
    KILLS("kills in between");

    private final String words;

    Scenario(String words) {
        this.words = words;
    }

    @Override
    public String toString() {
        return words;
    }
}
