package tap.graph.access;

import java.util.Collections;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;

/** The answer to "may this caller do that?". The rules are those of Entra's Temporary Access Pass; one matrix, in {@link Operation}. */
public enum Access {
    /** Go ahead. */
    GRANTED("granted"),
    /** The token carries none of the permissions that the operation needs. */
    PERMISSION_MISSING("The token has no permission for this."),
    /** The user whom the application acts for has none of the administrator roles that the operation needs. */
    ROLE_MISSING("The signed-in user has no administrator role that allows this."),
    /** An Authentication Administrator and a user who is an administrator. */
    TARGET_MORE_PRIVILEGED("The user has an administrator role, and the caller's role does not reach such users."),
    /** Nobody issues a pass to the account they act as. */
    OWN_ACCOUNT("Nobody can issue a pass to the account they act as."),
    /** The token's user is nobody in the directory, so that "own" cannot be told from "another's". */
    CALLER_UNKNOWN("The signed-in user is not known to the directory.");

    private final String explanation;

    Access(String explanation) {
        this.explanation = explanation;
    }

    /**
     * The user whom an operation on a pass is about.
     *
     * @param userId the directory's id
     * @param administrator whether the user has any administrator role
     */
    public record Target(String userId, boolean administrator) {
        /** No user of the directory. */
        public static final Target NOBODY = new Target("", false);
    }

    /**
     * Says whether the operation could be granted, for some user and with some role that the directory may yet know of. Worth
     * knowing before anybody is looked up; it grants nothing.
     */
    public static Access foreseen(Caller caller, Operation operation) {
        Access access = foreseenRole(caller, operation);
        return switch (operation) {
            case READ_PASS -> access == GRANTED ? access : foreseenRole(caller, Operation.READ_OWN_PASS);
            case DELETE_PASS -> access == GRANTED ? access : foreseenRole(caller, Operation.DELETE_OWN_PASS);
            case READ_POLICY, WRITE_POLICY, CREATE_PASS, READ_OWN_PASS, DELETE_OWN_PASS, WRITE_DIRECTORY, READ_AUDIT ->
                access;
        };
    }

    private static Access foreseenRole(Caller caller, Operation operation) {
        Access access = permissionAndRole(caller, operation);
        return access == ROLE_MISSING && caller instanceof Caller.Delegated delegated && delegated.rolesInDirectory()
                ? GRANTED
                : access;
    }

    /** Decides what is about no single user: policy, directory, audit. */
    public static Access decide(Caller caller, Operation operation) {
        return permissionAndRole(caller, operation);
    }

    /**
     * Decides an operation on one user's pass.
     *
     * @param operation {@code CREATE_PASS}, {@code READ_PASS} or {@code DELETE_PASS}; the "own" rules apply by themselves
     * @param actingUserId the directory's id of the user whom a delegated caller acts as, or null if the directory knows none
     */
    public static Access decide(Caller caller, Operation operation, Target target, @Nullable String actingUserId) {
        return switch (caller) {
            case Caller.Application application -> permissionAndRole(application, operation);
            case Caller.Delegated delegated -> delegated(delegated, operation, target, actingUserId);
        };
    }

    private static Access delegated(
            Caller.Delegated caller, Operation operation, Target target, @Nullable String actingUserId) {
        if (actingUserId != null && same(actingUserId, target.userId())) {
            return switch (operation) {
                case CREATE_PASS -> OWN_ACCOUNT;
                case READ_PASS, READ_OWN_PASS -> permissionAndRole(caller, Operation.READ_OWN_PASS);
                case DELETE_PASS, DELETE_OWN_PASS -> permissionAndRole(caller, Operation.DELETE_OWN_PASS);
                case READ_POLICY, WRITE_POLICY, WRITE_DIRECTORY, READ_AUDIT -> permissionAndRole(caller, operation);
            };
        }
        if (operation.own()) {
            return actingUserId == null ? CALLER_UNKNOWN : ROLE_MISSING;
        }
        Access access = permissionAndRole(caller, operation);
        if (access != GRANTED) {
            return access;
        }
        if (target.administrator() && !reachesAdministrators(caller, operation)) {
            return TARGET_MORE_PRIVILEGED;
        }
        // a caller whom the directory does not know might be the very user
        return operation == Operation.CREATE_PASS && actingUserId == null ? CALLER_UNKNOWN : GRANTED;
    }

    private static boolean reachesAdministrators(Caller.Delegated caller, Operation operation) {
        return caller.roles().stream()
                .anyMatch(role -> role != AdministratorRole.AUTHENTICATION_ADMINISTRATOR
                        && operation.roles().contains(role));
    }

    private static Access permissionAndRole(Caller caller, Operation operation) {
        if (Collections.disjoint(caller.permissions(), operation.permissions())) {
            return PERMISSION_MISSING;
        }
        return switch (caller) {
            // an application has no pass of its own
            case Caller.Application _ -> operation.own() ? CALLER_UNKNOWN : GRANTED;
            case Caller.Delegated delegated ->
                operation.roles().isEmpty() || !Collections.disjoint(delegated.roles(), operation.roles())
                        ? GRANTED
                        : ROLE_MISSING;
        };
    }

    private static boolean same(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }

    /** Whether to go ahead. */
    public boolean granted() {
        return this == GRANTED;
    }

    /**
     * Goes on if granted.
     *
     * @throws tap.graph.error.GraphException 403 {@code accessDenied} with the reason in {@code innerError.message}
     */
    public void orRefuse() {
        if (!granted()) {
            throw refusal();
        }
    }

    /** 403 {@code accessDenied} with the reason in {@code innerError.message}. */
    public GraphException refusal() {
        return GraphError.accessDenied().detail(explanation).exception();
    }
}
