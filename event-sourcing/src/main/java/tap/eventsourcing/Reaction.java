package tap.eventsourcing;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;

/** What a service does about a message, inside the transaction that moves the follower's offset. Applied exactly once. */
@FunctionalInterface
public interface Reaction {
    /**
     * Applies one message.
     *
     * @return completes when applied; fails with {@link NotApplicable} if this message can never apply (it is parked and its
     *     stream fenced), with {@link UnknownEventType} if a newer build wrote it (held, then parked), with anything else if it
     *     may apply when tried again
     */
    Uni<Void> apply(SqlConnection transaction, Message message);
}
