package tap.policy.domain;

import java.util.List;
import java.util.UUID;

/**
 * What others may know of a user: ids and no names.
 *
 * @param userId whom
 * @param active whether the user may sign in at all
 * @param kind what the user is to the tenant
 * @param administratorRoles role template ids, each once
 */
public record UserProfile(UUID userId, boolean active, UserKind kind, List<String> administratorRoles) {
    /** Copies the list. */
    public UserProfile {
        administratorRoles = List.copyOf(administratorRoles);
    }
}
