package tap.eventsourcing.followers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import tap.eventsourcing.Message;

/** The rules of a stream's sequence: what to do about each message of a chunk, given what was received before it. Pure. */
final class Sequence {
    private Sequence() {}

    /** What to do about a message. */
    sealed interface Verdict {
        /** The next of its stream: apply it. */
        record Next(Message message) implements Verdict {}

        /** Applied before; published again by a relay that restarted. */
        record Seen(Message message) implements Verdict {}

        /**
         * Not to be applied: park it and fence its key.
         *
         * @param reason for the operator
         * @param fork whether the stream's past differs from what was received
         */
        record Park(Message message, String reason, boolean fork) implements Verdict {}
    }

    /** Judges a chunk, in order; {@code seen} is what the database knows, message by message, as of before the chunk. */
    static List<Verdict> judge(List<Message> messages, List<Offsets.Seen> seen) {
        Map<Stream, Long> latest = new HashMap<>();
        Map<Place, UUID> applied = new HashMap<>();
        Set<Stream> parked = new HashSet<>();
        List<Verdict> verdicts = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            Stream stream = new Stream(message.source(), message.streamId());
            Offsets.Seen before = seen.get(i);
            if (before.parked()) {
                parked.add(stream);
            }
            long reached = latest.getOrDefault(stream, before.latest());
            UUID known = before.known();
            if (known == null) {
                known = applied.get(new Place(stream, message.version()));
            }
            Verdict verdict = judge(message, reached, known, parked.contains(stream));
            switch (verdict) {
                case Verdict.Next next -> {
                    latest.put(stream, message.version());
                    applied.put(new Place(stream, message.version()), message.eventId());
                }
                case Verdict.Park park -> parked.add(stream);
                case Verdict.Seen again -> {}
            }
            verdicts.add(verdict);
        }
        return verdicts;
    }

    private static Verdict judge(
            Message message, long reached, @org.jspecify.annotations.Nullable UUID known, boolean parked) {
        if (known != null) {
            return known.equals(message.eventId())
                    ? new Verdict.Seen(message)
                    : new Verdict.Park(message, "fork: version " + message.version() + " was another event", true);
        }
        if (parked) {
            return new Verdict.Park(message, "an earlier message of the stream is parked", false);
        }
        if (message.version() == reached + 1) {
            return new Verdict.Next(message);
        }
        return message.version() > reached
                ? new Verdict.Park(
                        message, "gap: version " + message.version() + " came after version " + reached, false)
                : new Verdict.Park(message, "fork: version " + message.version() + " was never received", true);
    }

    private record Stream(String source, String streamId) {}

    private record Place(Stream stream, long version) {}
}
