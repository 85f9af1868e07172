package tap.consumer;

/** What to do about a record, given what was received before it. Pure: everything that a consumer can get wrong is decided here. */
final class Judge {
    private Judge() {}

    /** What to do about a record. */
    sealed interface Verdict {
        /** The next of its stream: give it its effect. */
        record Next(TapEvent event) implements Verdict {}

        /** It had its effect; the publisher sent it again. */
        record Seen() implements Verdict {}

        /** It lies behind what its stream is held for. */
        record Behind() implements Verdict {}

        /** Hold its stream. */
        record Hold(Held.Reason reason, String detail) implements Verdict {}
    }

    /** Judges one record. */
    static Verdict judge(Arrival arrival, Inbox.Past past) {
        if (arrival instanceof Arrival.Stray(Arrival.Place place, String detail)) {
            return past.held() == null ? new Verdict.Hold(Held.Reason.UNREADABLE, detail) : new Verdict.Behind();
        }
        Arrival.Place place = arrival.place();
        if (place.id().equals(past.here())) {
            return new Verdict.Seen();
        }
        if (past.held() != null && !closes(arrival, past)) {
            return new Verdict.Behind();
        }
        if (place.sequence() <= past.latest()) {
            return new Verdict.Hold(
                    Held.Reason.FORK, "sequence " + place.sequence() + " was another event when it was received");
        }
        if (place.sequence() > past.latest() + 1) {
            return new Verdict.Hold(Held.Reason.GAP, "sequence " + place.sequence() + " came after " + past.latest());
        }
        return switch (arrival) {
            case Arrival.Known known -> new Verdict.Next(known.event());
            case Arrival.Unknown unknown -> new Verdict.Hold(unknown.reason(), unknown.detail());
            case Arrival.Stray stray -> throw new IllegalStateException("judged above: " + stray);
        };
    }

    // What was missing has come after all. What lies behind the gap follows when the stream is released.
    private static boolean closes(Arrival arrival, Inbox.Past past) {
        return past.held() == Held.Reason.GAP
                && arrival instanceof Arrival.Known
                && arrival.place().sequence() == past.latest() + 1;
    }
}
