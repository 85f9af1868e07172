package tap.directory;

import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import tap.contract.GroupChangedV1;
import tap.contract.GroupRemovedV1;
import tap.contract.UserChangedV1;
import tap.contract.UserRemovedV1;
import tap.eventsourcing.Message;
import tap.eventsourcing.NotApplicable;
import tap.eventsourcing.Reaction;
import tap.eventsourcing.UnknownEventType;

/** Keeps users and groups as they are, ids only, from {@code tap.directory}. */
public final class CopyDirectory implements Reaction {
    private static final String USER = """
            INSERT INTO user_copy (id, active, kind, administrator_roles, group_ids) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (id) DO UPDATE SET active = excluded.active, kind = excluded.kind,
              administrator_roles = excluded.administrator_roles, group_ids = excluded.group_ids""";

    private static final String GROUP = """
            INSERT INTO group_copy (id, parent_group_ids) VALUES ($1, $2)
            ON CONFLICT (id) DO UPDATE SET parent_group_ids = excluded.parent_group_ids""";

    @Override
    public Uni<Void> apply(SqlConnection transaction, Message message) {
        return switch (message.type()) {
            case "user-changed.v1" -> user(transaction, Payload.read(message, UserChangedV1.class));
            case "user-removed.v1" ->
                remove(
                        transaction,
                        "user_copy",
                        Payload.read(message, UserRemovedV1.class).userId());
            case "group-changed.v1" -> group(transaction, Payload.read(message, GroupChangedV1.class));
            case "group-removed.v1" ->
                remove(
                        transaction,
                        "group_copy",
                        Payload.read(message, GroupRemovedV1.class).groupId());
            default -> Uni.createFrom().failure(new UnknownEventType(message.type()));
        };
    }

    private static Uni<Void> user(SqlConnection transaction, UserChangedV1 user) {
        return transaction
                .preparedQuery(USER)
                .execute(Tuple.tuple()
                        .addUUID(user.userId())
                        .addBoolean(user.active())
                        .addString(kind(user).value())
                        .addArrayOfString(user.administratorRoles().toArray(String[]::new))
                        .addArrayOfUUID(user.groupIds().toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    private static UserKind kind(UserChangedV1 user) {
        try {
            return UserKind.of(user.kind());
        } catch (IllegalArgumentException unknown) {
            throw new NotApplicable("user " + user.userId() + ": " + unknown.getMessage(), unknown);
        }
    }

    private static Uni<Void> group(SqlConnection transaction, GroupChangedV1 group) {
        return transaction
                .preparedQuery(GROUP)
                .execute(Tuple.tuple()
                        .addUUID(group.groupId())
                        .addArrayOfUUID(group.parentGroupIds().toArray(UUID[]::new)))
                .replaceWithVoid();
    }

    private static Uni<Void> remove(SqlConnection transaction, String table, UUID id) {
        return transaction
                .preparedQuery("DELETE FROM " + table + " WHERE id = $1")
                .execute(Tuple.of(id))
                .replaceWithVoid();
    }
}
