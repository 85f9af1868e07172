package tap.graph.access;

import java.util.Set;

import static tap.graph.access.AdministratorRole.AUTHENTICATION_ADMINISTRATOR;
import static tap.graph.access.AdministratorRole.AUTHENTICATION_POLICY_ADMINISTRATOR;
import static tap.graph.access.AdministratorRole.GLOBAL_ADMINISTRATOR;
import static tap.graph.access.AdministratorRole.GLOBAL_READER;
import static tap.graph.access.AdministratorRole.PRIVILEGED_AUTHENTICATION_ADMINISTRATOR;
import static tap.graph.access.Permission.AUDIT_READ_ALL;
import static tap.graph.access.Permission.DIRECTORY_READ_WRITE_ALL;
import static tap.graph.access.Permission.METHOD_READ;
import static tap.graph.access.Permission.METHOD_READ_ALL;
import static tap.graph.access.Permission.METHOD_READ_WRITE;
import static tap.graph.access.Permission.METHOD_READ_WRITE_ALL;
import static tap.graph.access.Permission.POLICY_READ_ALL;
import static tap.graph.access.Permission.POLICY_READ_WRITE;
import static tap.graph.access.Permission.TAP_READ;
import static tap.graph.access.Permission.TAP_READ_ALL;
import static tap.graph.access.Permission.TAP_READ_WRITE;
import static tap.graph.access.Permission.TAP_READ_WRITE_ALL;

/** Everything that is guarded, each with the permissions (any of them) and the administrator roles (any of them) that allow it. */
// the sets are those of Set.of, which nobody can change
@SuppressWarnings("ImmutableEnumChecker")
public enum Operation {
    /** Read the policy. */
    READ_POLICY(
            Set.of(POLICY_READ_ALL, POLICY_READ_WRITE),
            Set.of(
                    GLOBAL_ADMINISTRATOR,
                    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
                    AUTHENTICATION_ADMINISTRATOR,
                    AUTHENTICATION_POLICY_ADMINISTRATOR,
                    GLOBAL_READER)),
    /** Change the policy or put it back to the defaults. */
    WRITE_POLICY(Set.of(POLICY_READ_WRITE), Set.of(GLOBAL_ADMINISTRATOR, AUTHENTICATION_POLICY_ADMINISTRATOR)),
    /** Issue a pass to another user. Nobody issues one to themselves. */
    CREATE_PASS(
            Set.of(TAP_READ_WRITE_ALL, METHOD_READ_WRITE_ALL),
            Set.of(GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR)),
    /** Read another user's pass. */
    READ_PASS(
            Set.of(TAP_READ_ALL, TAP_READ_WRITE_ALL, METHOD_READ_ALL, METHOD_READ_WRITE_ALL),
            Set.of(
                    GLOBAL_ADMINISTRATOR,
                    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR,
                    AUTHENTICATION_ADMINISTRATOR,
                    GLOBAL_READER)),
    /** Delete another user's pass. */
    DELETE_PASS(
            Set.of(TAP_READ_WRITE_ALL, METHOD_READ_WRITE_ALL),
            Set.of(GLOBAL_ADMINISTRATOR, PRIVILEGED_AUTHENTICATION_ADMINISTRATOR, AUTHENTICATION_ADMINISTRATOR)),
    /** Read one's own pass; any user may. */
    READ_OWN_PASS(
            Set.of(
                    TAP_READ,
                    TAP_READ_ALL,
                    TAP_READ_WRITE,
                    TAP_READ_WRITE_ALL,
                    METHOD_READ,
                    METHOD_READ_ALL,
                    METHOD_READ_WRITE,
                    METHOD_READ_WRITE_ALL),
            Set.of()),
    /** Delete one's own pass; any user may. */
    DELETE_OWN_PASS(Set.of(TAP_READ_WRITE, TAP_READ_WRITE_ALL, METHOD_READ_WRITE, METHOD_READ_WRITE_ALL), Set.of()),
    /** Provision users and groups. */
    WRITE_DIRECTORY(Set.of(DIRECTORY_READ_WRITE_ALL), Set.of(GLOBAL_ADMINISTRATOR)),
    /** Read history, refusals and the audit. */
    READ_AUDIT(Set.of(AUDIT_READ_ALL), Set.of(GLOBAL_ADMINISTRATOR, GLOBAL_READER));

    private final Set<Permission> permissions;
    private final Set<AdministratorRole> roles;

    Operation(Set<Permission> permissions, Set<AdministratorRole> roles) {
        this.permissions = permissions;
        this.roles = roles;
    }

    /** Any one of these permissions is needed, by applications and delegated callers alike. */
    public Set<Permission> permissions() {
        return permissions;
    }

    /** A delegated caller also needs one of these roles; empty: any user may. */
    public Set<AdministratorRole> roles() {
        return roles;
    }

    /** Whether this is about one's own pass, which only a delegated caller can have. */
    boolean own() {
        return this == READ_OWN_PASS || this == DELETE_OWN_PASS;
    }
}
