package tap.testkit.architecture.straight.reactions;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import tap.eventsourcing.Message;
import tap.eventsourcing.Reaction;

/** A reaction. */
public final class WhenBellRungThenOpenDoor implements Reaction {
    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return Uni.createFrom().voidItem();
    }
}
