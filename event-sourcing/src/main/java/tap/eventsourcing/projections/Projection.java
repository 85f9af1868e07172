package tap.eventsourcing.projections;

import java.util.List;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.eventsourcing.StoredEvent;

/** A read model of the own log. */
@FunctionalInterface
public interface Projection {
    /**
     * Applies events in the transaction that moves the projection's cursor; each stream in order, each event once.
     *
     * @return completes when applied; a failure rolls back, and the batch is tried again
     */
    Uni<Void> apply(SqlConnection transaction, List<StoredEvent> batch);
}
