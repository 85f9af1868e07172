package tap.graph.access;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;

/** Who calls, as far as the verified token says. */
public sealed interface Caller {
    /** What the application was consented to. */
    Set<Permission> permissions();

    /** The token's id of the caller: an object id, else the subject. It may be a name: never log or store it, use {@link #actor()}. */
    String subject();

    /** An opaque id for logs and events: the subject where it is a GUID, else a GUID made from it. */
    default String actor() {
        try {
            return UUID.fromString(subject()).toString();
        } catch (IllegalArgumentException notGuid) {
            return UUID.nameUUIDFromBytes(("tap:caller:" + subject()).getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
    }

    /**
     * The same caller with the administrator roles that the directory knows of, where the directory is asked for them; whoever calls
     * with roles of the token, or needs none, stays as is.
     *
     * @param directoryRoles none for whom the directory does not know
     */
    default Caller knownWith(Set<AdministratorRole> directoryRoles) {
        return this instanceof Delegated delegated && delegated.rolesInDirectory()
                ? new Delegated(delegated.subject(), delegated.permissions(), directoryRoles)
                : this;
    }

    /**
     * An application that acts for a user: both its permissions and the user's roles must allow what it asks.
     *
     * @param subject what the directory is asked for, to find the user the caller acts as
     * @param permissions from the scopes alone
     * @param roles from the token, or from the directory; none as long as it was not asked
     * @param rolesInDirectory whether the directory has yet to be asked for the roles
     */
    record Delegated(
            String subject, Set<Permission> permissions, Set<AdministratorRole> roles, boolean rolesInDirectory)
            implements Caller {
        /** Copies the sets. */
        public Delegated {
            permissions = Set.copyOf(permissions);
            roles = Set.copyOf(roles);
        }

        /** Whose roles are known. */
        public Delegated(String subject, Set<Permission> permissions, Set<AdministratorRole> roles) {
            this(subject, permissions, roles, false);
        }

        /** Whose roles only the directory knows: {@link Caller#knownWith} makes a caller of it who may use them. */
        public static Delegated ofDirectory(String subject, Set<Permission> permissions) {
            return new Delegated(subject, permissions, Set.of(), true);
        }
    }

    /**
     * An application that acts for itself: its permissions alone count.
     *
     * @param subject the application's id
     * @param permissions from the configured claims
     */
    record Application(String subject, Set<Permission> permissions) implements Caller {
        /** Copies the set. */
        public Application {
            permissions = Set.copyOf(permissions);
        }
    }
}
