package tap.graph.access;

import java.util.Arrays;
import java.util.Optional;

/** What an application was consented to: the values of {@code scp} (delegated) and {@code roles} (application). */
public enum Permission {
    /** Read one's own pass. */
    TAP_READ("UserAuthMethod-TAP.Read"),
    /** Read any user's pass. */
    TAP_READ_ALL("UserAuthMethod-TAP.Read.All"),
    /** Read and delete one's own pass. */
    TAP_READ_WRITE("UserAuthMethod-TAP.ReadWrite"),
    /** Create, read and delete any user's pass. */
    TAP_READ_WRITE_ALL("UserAuthMethod-TAP.ReadWrite.All"),
    /** As {@link #TAP_READ}, for all methods. */
    METHOD_READ("UserAuthenticationMethod.Read"),
    /** As {@link #TAP_READ_ALL}, for all methods. */
    METHOD_READ_ALL("UserAuthenticationMethod.Read.All"),
    /** As {@link #TAP_READ_WRITE}, for all methods. */
    METHOD_READ_WRITE("UserAuthenticationMethod.ReadWrite"),
    /** As {@link #TAP_READ_WRITE_ALL}, for all methods. */
    METHOD_READ_WRITE_ALL("UserAuthenticationMethod.ReadWrite.All"),
    /** Read policies. */
    POLICY_READ_ALL("Policy.Read.All"),
    /** Read and change the authentication methods policy. */
    POLICY_READ_WRITE("Policy.ReadWrite.AuthenticationMethod"),
    /** SCIM. */
    DIRECTORY_READ_WRITE_ALL("Tap.Directory.ReadWrite.All"),
    /** History, explain, as-of, refusals, events, audit. */
    AUDIT_READ_ALL("Tap.Audit.Read.All");

    private final String value;

    Permission(String value) {
        this.value = value;
    }

    /** As it stands in a token. */
    public String value() {
        return value;
    }

    /** The permission of that exact value; unknown values grant nothing. */
    public static Optional<Permission> of(String value) {
        return Arrays.stream(values())
                .filter(permission -> permission.value.equals(value))
                .findFirst();
    }
}
