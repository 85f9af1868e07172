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
     * An application that acts for a user: both its permissions and the user's roles must allow what it asks.
     *
     * @param subject what the directory is asked for, to find the user the caller acts as
     * @param permissions from {@code scp} alone
     * @param roles from the configured claim
     */
    record Delegated(String subject, Set<Permission> permissions, Set<AdministratorRole> roles) implements Caller {
        /** Copies the sets. */
        public Delegated {
            permissions = Set.copyOf(permissions);
            roles = Set.copyOf(roles);
        }

        /** The same caller with roles that the directory knows of, in place of the token's. */
        public Delegated withRoles(Set<AdministratorRole> fromDirectory) {
            return new Delegated(subject, permissions, fromDirectory);
        }
    }

    /**
     * An application that acts for itself: its permissions alone count.
     *
     * @param subject the application's id
     * @param permissions from {@code roles}
     */
    record Application(String subject, Set<Permission> permissions) implements Caller {
        /** Copies the set. */
        public Application {
            permissions = Set.copyOf(permissions);
        }
    }
}
