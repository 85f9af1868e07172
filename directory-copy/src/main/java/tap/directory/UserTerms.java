package tap.directory;

import java.util.List;
import java.util.UUID;

/**
 * A user as far as it decides about a pass.
 *
 * @param id the directory's id
 * @param active whether the user may sign in at all
 * @param kind where the user comes from
 * @param administratorRoles role template ids; empty for whom is no administrator
 * @param targeted whether the policy includes and does not exclude the user, nested groups counted
 * @param fenced whether what is known here may be out of date, because a message could not be applied: fail closed
 */
public record UserTerms(
        UUID id, boolean active, UserKind kind, List<String> administratorRoles, boolean targeted, boolean fenced) {
    /** Copies the roles. */
    public UserTerms {
        administratorRoles = List.copyOf(administratorRoles);
    }

    /** Whether the user has any administrator role. */
    public boolean administrator() {
        return !administratorRoles.isEmpty();
    }
}
