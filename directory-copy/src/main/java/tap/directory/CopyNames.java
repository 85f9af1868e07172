package tap.directory;

import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.DirectoryNameV1;
import tap.contract.UserNames;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;

/** Keeps the newest names of each user, from {@code tap.directory-names}: a compacted topic, where a tombstone removes. */
public final class CopyNames implements Reaction {
    private static final String NAME = """
            INSERT INTO directory_name (user_id, name_key, external_id) VALUES ($1, $2, $3)
            ON CONFLICT (user_id) DO UPDATE SET name_key = excluded.name_key, external_id = excluded.external_id""";

    private static final String REMOVE = "DELETE FROM directory_name WHERE user_id = $1";

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        UUID userId = UserKey.id(message.partitionKey());
        if (userId == null) {
            return Uni.createFrom().failure(new NotApplicable("a name of nobody"));
        }
        if (isTombstone(message)) {
            return transaction.preparedQuery(REMOVE).execute(Tuple.of(userId)).replaceWithVoid();
        }
        DirectoryNameV1 name = Payload.read(message, DirectoryNameV1.class);
        return transaction
                .preparedQuery(NAME)
                .execute(Tuple.of(userId, UserNames.key(name.userName()), name.externalId()))
                .replaceWithVoid();
    }

    private static boolean isTombstone(Message message) {
        return message.payload().isEmpty() || message.payload().equals("null");
    }
}
