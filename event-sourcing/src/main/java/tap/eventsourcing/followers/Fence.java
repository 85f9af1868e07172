package tap.eventsourcing.followers;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.eventsourcing.Message;

/**
 * Closes what a stream in doubt might open: after a fork, a gap or a message that cannot be applied. The parked row itself is the
 * fence that {@link Unpark} lifts: whoever decides looks for one of the key. This is for what a service does besides.
 */
@FunctionalInterface
public interface Fence {
    /**
     * Fences in the transaction that parks the message; called again for later messages of the same stream.
     *
     * @param message what could not be applied; its {@code partitionKey} is the user's id
     * @param reason for the operator
     */
    Uni<Void> fence(SqlConnection transaction, Message message, String reason);
}
