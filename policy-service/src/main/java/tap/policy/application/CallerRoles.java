package tap.policy.application;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Singleton;
import tap.contract.UserNames;
import tap.graph.access.Access;
import tap.graph.access.AdministratorRole;
import tap.graph.access.Caller;
import tap.graph.access.Operation;

/**
 * Whether a caller may do what is about no single user. Where the directory is asked for administrator roles (ADR 0024), that is one
 * statement before anything else happens; where the token says them, it is none.
 */
@Singleton
public class CallerRoles {
    private static final String ROLES = "SELECT tap_caller_roles($1, $2) AS roles";

    private final Pool pool;

    CallerRoles(Pool pool) {
        this.pool = pool;
    }

    /** Goes on if the caller may; fails with {@code GraphException} 403 if not. */
    public Uni<Void> allow(Caller caller, Operation operation) {
        if (caller instanceof Caller.Delegated delegated && delegated.rolesInDirectory()) {
            Access.foreseen(caller, operation).orRefuse();
            return pool.preparedQuery(ROLES)
                    .execute(Tuple.of(delegated.subject(), UserNames.key(delegated.subject())))
                    .map(rows -> AdministratorRole.listed(rows.iterator().next().getString("roles")))
                    .invoke(roles ->
                            Access.decide(caller.knownWith(roles), operation).orRefuse())
                    .replaceWithVoid();
        }
        Access.decide(caller, operation).orRefuse();
        return Uni.createFrom().voidItem();
    }
}
