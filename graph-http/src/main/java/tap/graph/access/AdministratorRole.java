package tap.graph.access;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The administrator roles that mean something here; a token's other roles mean nothing.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference">Entra built-in roles</a>
 */
public enum AdministratorRole {
    /** Everything. */
    GLOBAL_ADMINISTRATOR("Global Administrator", "62e90394-69f5-4237-9190-012177145e10"),
    /** Passes of any user. */
    PRIVILEGED_AUTHENTICATION_ADMINISTRATOR(
            "Privileged Authentication Administrator", "7be44c8a-adaf-4e2a-84d6-ab2649e08a13"),
    /** Passes of users without an administrator role. */
    AUTHENTICATION_ADMINISTRATOR("Authentication Administrator", "c4e39bd9-1100-46d3-8c65-fb160da0071f"),
    /** The policy. */
    AUTHENTICATION_POLICY_ADMINISTRATOR("Authentication Policy Administrator", "0526716b-113d-4c15-b2c8-68e3c22b9f80"),
    /** Reads everything, changes nothing. */
    GLOBAL_READER("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451");

    private final String displayName;
    private final String templateId;

    AdministratorRole(String displayName, String templateId) {
        this.displayName = displayName;
        this.templateId = templateId;
    }

    /** The name in Entra's portal and, with some providers, in the claim {@code roles}. */
    public String displayName() {
        return displayName;
    }

    /** The template id, the same GUID in every tenant: what the claim {@code wids} holds. */
    public String templateId() {
        return templateId;
    }

    /** The role named by a template id or a display name, without regard to case. */
    public static Optional<AdministratorRole> named(String templateIdOrName) {
        return Arrays.stream(values())
                .filter(role -> role.templateId.equalsIgnoreCase(templateIdOrName)
                        || role.displayName.equalsIgnoreCase(templateIdOrName))
                .findFirst();
    }

    /** The roles that these texts name; what names none means nothing here. */
    public static Set<AdministratorRole> allNamed(Collection<String> templateIdsOrNames) {
        Set<AdministratorRole> roles = EnumSet.noneOf(AdministratorRole.class);
        templateIdsOrNames.stream()
                .map(AdministratorRole::named)
                .flatMap(Optional::stream)
                .forEach(roles::add);
        return roles;
    }

    /** The roles in a list separated by commas, as databases hand them over; none for null. */
    public static Set<AdministratorRole> listed(@Nullable String commaSeparated) {
        return commaSeparated == null ? Set.of() : allNamed(List.of(commaSeparated.split(",")));
    }
}
