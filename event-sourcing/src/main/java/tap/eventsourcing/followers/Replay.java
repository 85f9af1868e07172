package tap.eventsourcing.followers;

import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;
import tap.eventsourcing.topics.CloudEventRecords;

/**
 * Applies one parked message of one topic anew: its effect, that it was received, and that it is no longer parked, in one
 * transaction that holds the partition's offset. The follower may be at the same partition: it waits, and looks again.
 */
final class Replay {
    private final Pool pool;
    private final Offsets offsets;
    private final String prefix;
    private final boolean compacted;
    private final Reaction reaction;

    Replay(FollowerOptions options, Pool pool, Offsets offsets, Reaction reaction) {
        this.pool = pool;
        this.offsets = offsets;
        this.prefix = options.prefix();
        this.compacted = options.compacted();
        this.reaction = reaction;
    }

    /** Why a message is no longer parked. */
    sealed interface Done {
        /** It was applied now. */
        record Applied(Message message) implements Done {}

        /** Nothing was to be done: applied before, overtaken by a newer state of its key, or replayed by another pod. */
        record Over() implements Done {}
    }

    /**
     * Replays a message.
     *
     * @param record what stands at its place, or for a compacted topic the newest of its key from there on; null if nothing
     * @param readUpTo the end of the partition when it was read
     * @return fails with {@link StaysParked} if it cannot be applied, or with what may pass; then nothing has changed
     */
    Uni<Done> replay(ParkedMessage parked, @Nullable ConsumerRecord<String, byte[]> record, long readUpTo) {
        return pool.withTransaction(transaction -> offsets.replay(transaction, parked.partition())
                        .flatMap(next -> ParkedMessages.remove(transaction, parked)
                                .flatMap(removed -> removed
                                        ? apply(transaction, parked, record, next <= readUpTo)
                                        : Uni.createFrom().item(new Done.Over()))))
                .onFailure(failure -> failure instanceof NotApplicable || failure instanceof UnknownEventType)
                .transform(failure -> new StaysParked(String.valueOf(failure.getMessage())));
    }

    private Uni<Done> apply(
            SqlConnection transaction,
            ParkedMessage parked,
            @Nullable ConsumerRecord<String, byte[]> record,
            boolean nothingNewerApplied) {
        if (compacted && (record == null || record.offset() > parked.offset())) {
            return Uni.createFrom().item(new Done.Over());
        }
        if (record == null || !is(parked, record)) {
            throw new StaysParked("the message is no longer at its place in " + parked.topic() + "/"
                    + parked.partition() + "/" + parked.offset());
        }
        if (compacted && !nothingNewerApplied) {
            throw new IllegalStateException("what was read of " + parked.topic() + " is out of date");
        }
        Message message = CloudEventRecords.message(record, prefix);
        return compacted
                ? reaction.apply(transaction, message).replaceWith(new Done.Applied(message))
                : offsets.look(transaction, message).flatMap(seen -> next(transaction, message, seen));
    }

    private Uni<Done> next(SqlConnection transaction, Message message, Offsets.Seen seen) {
        return switch (Sequence.judge(List.of(message), List.of(seen)).getFirst()) {
            case Sequence.Verdict.Next is ->
                offsets.receive(transaction, List.of(message))
                        .chain(() -> reaction.apply(transaction, message))
                        .replaceWith(new Done.Applied(message));
            case Sequence.Verdict.Seen applied -> Uni.createFrom().item(new Done.Over());
            case Sequence.Verdict.Park park when park.fork() -> throw new StaysParked(park.reason());
            case Sequence.Verdict.Park gap ->
                throw new StaysParked("version " + (seen.latest() + 1) + " has not arrived; the next that is here is "
                        + message.version());
        };
    }

    /** What a record is parked under: its event, or its place if it cannot be read. */
    static Message identity(ConsumerRecord<String, byte[]> record, String prefix) {
        try {
            return CloudEventRecords.message(record, prefix);
        } catch (NotApplicable | UnknownEventType unreadable) {
            return CloudEventRecords.unreadable(record, prefix);
        }
    }

    // Also of a record that another build could not read: this one may.
    private boolean is(ParkedMessage parked, ConsumerRecord<String, byte[]> record) {
        return identity(record, prefix).eventId().equals(parked.eventId())
                || CloudEventRecords.unreadable(record, prefix).eventId().equals(parked.eventId());
    }

    /** A message cannot be applied yet, for the reason that is its message. */
    static final class StaysParked extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StaysParked(String reason) {
            super(reason, null, false, false);
        }
    }
}
