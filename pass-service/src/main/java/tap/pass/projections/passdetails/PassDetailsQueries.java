package tap.pass.projections.passdetails;

import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import tap.directory.UserKey;
import tap.graph.access.AdministratorRole;
import tap.pass.domain.UserReference;

/** Asks for the pass of a user, and which user the caller acts as, in one statement. */
@ApplicationScoped
public class PassDetailsQueries implements PanacheRepositoryBase<PassDetails, UUID> {
    private static final String CALLER = "function('tap_caller_id' as java.util.UUID, :callerId, :caller, :callerName)";
    private static final String COLUMNS = "d, " + CALLER + ", function('tap_caller_roles' as String, " + CALLER + ")";
    private static final String NAMED = "SELECT " + COLUMNS
            + " FROM PassDetails d WHERE d.userId = function('tap_user_id' as java.util.UUID, :id, :name)";
    private static final String CALLER_ROLES =
            "SELECT tap_caller_roles(tap_caller_id(cast(:callerId as uuid), :caller, :callerName))";
    private static final String ME = "SELECT " + COLUMNS + " FROM PassDetails d WHERE d.userId = " + CALLER;

    /** The user whom a request is about, or none: the directory has no such user. */
    @WithSession
    public Uni<Optional<Found>> find(UserReference reference) {
        UserKey user = reference.namedKey();
        UserKey caller = reference.callerKey();
        return getSession().flatMap(session -> {
            var query = session.createQuery(reference.me() ? ME : NAMED, Object[].class)
                    .setParameter("callerId", caller.id())
                    .setParameter("caller", reference.caller())
                    .setParameter("callerName", caller.nameKey());
            if (!reference.me()) {
                query.setParameter("id", user.id()).setParameter("name", user.nameKey());
            }
            return query.getSingleResultOrNull()
                    .map(row -> Optional.ofNullable(row).map(Found::of));
        });
    }

    /** The administrator roles that the directory gives the user whom a caller acts as; for whom {@link #find} finds nobody. */
    @WithSession
    public Uni<Set<AdministratorRole>> callerRoles(UserReference reference) {
        UserKey caller = reference.callerKey();
        return getSession()
                .flatMap(session -> session.createNativeQuery(CALLER_ROLES, String.class)
                        .setParameter("callerId", caller.id())
                        .setParameter("caller", reference.caller())
                        .setParameter("callerName", caller.nameKey())
                        .getSingleResultOrNull())
                .map(AdministratorRole::listed);
    }

    /**
     * A user, and the caller.
     *
     * @param details the user, with the pass
     * @param callerId the directory user whom the caller acts as, or {@code null}
     * @param callerRoles the administrator roles that the directory gives that user
     */
    public record Found(PassDetails details, @Nullable UUID callerId, Set<AdministratorRole> callerRoles) {
        /** Copies the set. */
        public Found {
            callerRoles = Set.copyOf(callerRoles);
        }

        private static Found of(Object[] row) {
            return new Found((PassDetails) row[0], (UUID) row[1], AdministratorRole.listed((String) row[2]));
        }
    }
}
