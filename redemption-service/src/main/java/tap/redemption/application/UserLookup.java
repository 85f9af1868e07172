package tap.redemption.application;

import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;
import tap.directory.UserKey;
import tap.graph.access.AdministratorRole;

/** Finds the user whom an administrator's request is about, and what is to be known of both to say whether it may be. */
public final class UserLookup {
    private static final String FIND = """
            SELECT u.id, coalesce(cardinality(u.administrator_roles), 0) > 0 AS administrator, c.caller_id,
                tap_caller_roles(c.caller_id) AS caller_roles
              FROM (SELECT tap_caller_id($3, $4, $5) AS caller_id OFFSET 0) c LEFT JOIN user_copy u ON u.id = tap_user_id($1, $2)""";

    private final Pool pool;

    /** @param pool the service's */
    public UserLookup(Pool pool) {
        this.pool = pool;
    }

    /**
     * Finds both.
     *
     * @param user an id or a user name
     * @param caller what the token calls its own user
     */
    public Uni<Found> find(String user, String caller) {
        UserKey userKey = UserKey.of(user);
        UserKey callerKey = UserKey.of(caller);
        return pool.preparedQuery(FIND)
                .execute(Tuple.of(userKey.id(), userKey.nameKey(), callerKey.id(), caller, callerKey.nameKey()))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Found(
                            row.getUUID("id"),
                            row.getBoolean("administrator"),
                            row.getUUID("caller_id"),
                            AdministratorRole.listed(row.getString("caller_roles")));
                });
    }

    /**
     * A user, and the caller.
     *
     * @param userId the user, or {@code null}: the directory has no such user
     * @param administrator whether the user has any administrator role
     * @param callerId the user whom the caller acts as, or {@code null}: the directory knows none
     * @param callerRoles the administrator roles that the directory gives that user
     */
    public record Found(
            @Nullable UUID userId,
            boolean administrator,
            @Nullable UUID callerId,
            Set<AdministratorRole> callerRoles) {}
}
