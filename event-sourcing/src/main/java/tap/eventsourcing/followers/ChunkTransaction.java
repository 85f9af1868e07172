package tap.eventsourcing.followers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import org.jboss.logging.Logger;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;

/** One chunk of messages of one partition: their effects, what was received, and the moved offset, in one transaction. */
final class ChunkTransaction {
    private static final Logger LOG = Logger.getLogger(ChunkTransaction.class);

    private final Pool pool;
    private final Offsets offsets;
    private final boolean compacted;
    private final Reaction reaction;
    private final Fence fence;
    private final Counter applied;
    private final Counter parked;
    private final Counter forks;

    ChunkTransaction(
            FollowerOptions options, Pool pool, Offsets offsets, Reaction reaction, Fence fence, MeterRegistry meters) {
        this.pool = pool;
        this.offsets = offsets;
        this.compacted = options.compacted();
        this.reaction = reaction;
        this.fence = fence;
        this.applied = Counter.builder("tap.follower.applied")
                .baseUnit("messages")
                .tag("topic", options.topic())
                .register(meters);
        this.parked = Counter.builder("tap.follower.parked")
                .baseUnit("messages")
                .description("Messages that could not be applied; every one needs an operator")
                .tag("topic", options.topic())
                .register(meters);
        this.forks = Counter.builder("tap.follower.forks")
                .baseUnit("messages")
                .description("Messages that contradict what was received before; every one needs an operator")
                .tag("topic", options.topic())
                .register(meters);
    }

    /**
     * Applies a chunk, or fails and leaves nothing behind.
     *
     * @param contended whether to wait for the partition's row first: after a conflict, so that the next does not follow
     * @return the messages that were applied, after the commit; fails with {@link NotApplicable}, {@code UnknownEventType},
     *     {@link Offsets.OffsetMoved} or what may pass
     */
    Uni<List<Message>> apply(Offsets.Step step, List<Message> messages, boolean contended) {
        return pool.withTransaction(transaction -> contended
                        ? offsets.lock(transaction, step.partition())
                                .flatMap(replays -> apply(transaction, step.after(replays), messages))
                        : apply(transaction, step, messages))
                .invoke(done -> applied.increment(done.size()));
    }

    private Uni<List<Message>> apply(SqlConnection transaction, Offsets.Step step, List<Message> messages) {
        return compacted
                ? offsets.move(transaction, step)
                        .chain(() -> react(transaction, messages))
                        .replaceWith(messages)
                : offsets.moveAndLook(transaction, step, messages)
                        .flatMap(seen -> carryOut(transaction, Sequence.judge(messages, seen)));
    }

    /** Parks one message and fences its key, instead of applying it. */
    Uni<Void> park(Offsets.Step step, Message message, String reason) {
        return pool.withTransaction(
                transaction -> offsets.move(transaction, step).chain(() -> park(transaction, message, reason, false)));
    }

    private Uni<List<Message>> carryOut(SqlConnection transaction, List<Sequence.Verdict> verdicts) {
        List<Message> next = new ArrayList<>(verdicts.size());
        for (Sequence.Verdict verdict : verdicts) {
            if (verdict instanceof Sequence.Verdict.Next is) {
                next.add(is.message());
            }
        }
        return offsets.receive(transaction, next)
                .chain(() -> each(verdicts, verdict -> switch (verdict) {
                    case Sequence.Verdict.Next is -> reaction.apply(transaction, is.message());
                    case Sequence.Verdict.Seen seen -> Uni.createFrom().voidItem();
                    case Sequence.Verdict.Park park -> park(transaction, park.message(), park.reason(), park.fork());
                }))
                .replaceWith(next);
    }

    private Uni<Void> react(SqlConnection transaction, List<Message> messages) {
        return each(messages, message -> reaction.apply(transaction, message));
    }

    private Uni<Void> park(SqlConnection transaction, Message message, String reason, boolean fork) {
        LOG.errorf(
                "parks %s %s of stream %s (%s/%d/%d), and fences %s: %s",
                message.type(),
                message.eventId(),
                message.streamId(),
                message.topic(),
                message.partition(),
                message.offset(),
                message.partitionKey(),
                reason);
        return offsets.park(transaction, message, reason)
                .chain(() -> fence.fence(transaction, message, reason))
                .invoke(() -> {
                    parked.increment();
                    if (fork) {
                        forks.increment();
                    }
                });
    }

    private static <T> Uni<Void> each(List<T> all, Function<T, Uni<Void>> action) {
        return all.size() == 1
                ? action.apply(all.getFirst())
                : Multi.createFrom()
                        .iterable(all)
                        .onItem()
                        .transformToUniAndConcatenate(item -> action.apply(item))
                        .collect()
                        .last()
                        .replaceWithVoid();
    }
}
