package tap.testkit.architecture.crooked.reactions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;
import tap.testkit.architecture.crooked.api.QueryingResource;

/** Breaks: a reaction is named When…Then…; reactions do not see api. */
public record OpensDoor(QueryingResource resource) implements Reaction {
    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return Uni.createFrom().voidItem();
    }
}
