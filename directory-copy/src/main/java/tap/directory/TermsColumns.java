package tap.directory;

import java.util.List;

import io.vertx.mutiny.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a deciding statement reads of policy and directory, in that same statement, and how a row becomes {@link PolicyTerms} and
 * {@link UserTerms}. Such a statement names {@code policy_copy} as {@code p} and, joined on the left by id, {@code user_terms} as
 * {@code u}:
 *
 * <pre>{@code
 * SELECT … FROM (SELECT tap_user_id($1, $2) AS user_id) s
 *   CROSS JOIN policy_copy p LEFT JOIN user_terms u ON u.id = s.user_id
 * }</pre>
 *
 * <p>{@code tap_user_id(id, name key)} finds the user whom a {@link UserKey} names, {@code tap_caller_id(id, external id, name
 * key)} the user whom a token's subject names; both are null for nobody and for more than one.
 */
public final class TermsColumns {
    /** The columns of {@link #policy}. */
    public static final String POLICY = "p.revision, p.enabled, p.default_lifetime_in_minutes,"
            + " p.minimum_lifetime_in_minutes, p.maximum_lifetime_in_minutes, p.default_length, p.is_usable_once";

    /** The columns of {@link #user}. */
    public static final String USER = "u.id AS user_id, u.active, u.kind, u.administrator_roles, u.targeted, u.fenced";

    private TermsColumns() {}

    /** Reads {@link #POLICY}. */
    public static PolicyTerms policy(Row row) {
        return new PolicyTerms(
                row.getLong("revision"),
                row.getBoolean("enabled"),
                row.getInteger("default_lifetime_in_minutes"),
                row.getInteger("minimum_lifetime_in_minutes"),
                row.getInteger("maximum_lifetime_in_minutes"),
                row.getInteger("default_length"),
                row.getBoolean("is_usable_once"));
    }

    /** Reads {@link #USER}: null if the directory has no such user. */
    public static @Nullable UserTerms user(Row row) {
        if (row.getUUID("user_id") == null) {
            return null;
        }
        return new UserTerms(
                row.getUUID("user_id"),
                row.getBoolean("active"),
                UserKind.of(row.getString("kind")),
                List.of(row.getArrayOfStrings("administrator_roles")),
                row.getBoolean("targeted"),
                row.getBoolean("fenced"));
    }
}
