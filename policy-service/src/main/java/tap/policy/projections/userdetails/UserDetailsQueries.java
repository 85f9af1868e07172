package tap.policy.projections.userdetails;

import java.util.List;
import java.util.UUID;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;
import tap.contract.UserNames;

/** Asks for users; whoever changed a user reads it here. */
@ApplicationScoped
public class UserDetailsQueries implements PanacheRepositoryBase<UserDetails, UUID> {
    /** The user with the id, or null. */
    @WithSession
    public Uni<@Nullable UserDetails> byId(UUID userId) {
        return findById(userId);
    }

    /** The user with the name, compared case-folded in NFKC: one or none. */
    @WithSession
    public Uni<List<UserDetails>> byUserName(String userName) {
        return list("foldedUserName", UserNames.key(userName));
    }

    /** The users to whom the provisioning side gave the id. */
    @WithSession
    public Uni<List<UserDetails>> byExternalId(String externalId) {
        return list("externalId = ?1 ORDER BY userId", externalId);
    }

    /** Users in the order of their ids. */
    @WithSession
    public Uni<Page> page(int offset, int limit) {
        return count().flatMap(total -> limit == 0 || offset >= total
                ? Uni.createFrom().item(new Page(List.of(), total))
                : find("ORDER BY userId")
                        .range(offset, offset + limit - 1)
                        .list()
                        .map(users -> new Page(users, total)));
    }

    /** Some users, and how many there are. */
    public record Page(List<UserDetails> users, long total) {
        /** Copies the list. */
        public Page {
            users = List.copyOf(users);
        }
    }
}
