package tap.localstack.identity;

import java.util.Locale;
import java.util.stream.Stream;

import tap.localstack.infrastructure.LocalStackException;

/**
 * The administrator roles that have a development user each (graph-contract.md §5).
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
    /** Reads everything. */
    GLOBAL_READER("Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451");

    private final String displayName;
    private final String templateId;

    AdministratorRole(String displayName, String templateId) {
        this.displayName = displayName;
        this.templateId = templateId;
    }

    /** The name that people know. */
    public String displayName() {
        return displayName;
    }

    /** The GUID that is the same in every tenant: what the claim {@code wids} holds. */
    public String templateId() {
        return templateId;
    }

    /** The user name of the development user who has this role. */
    public String userName() {
        return displayName.toLowerCase(Locale.ROOT).replace(' ', '.') + "@development.tap.example";
    }

    /**
     * The role of this name, without regard to case.
     *
     * @throws LocalStackException naming the roles that exist
     */
    public static AdministratorRole named(String name) {
        return Stream.of(values())
                .filter(role -> role.displayName.equalsIgnoreCase(name) || role.templateId.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new LocalStackException("There is no role \"" + name + "\". Choose one of: "
                        + String.join(
                                ", ",
                                Stream.of(values())
                                        .map(AdministratorRole::displayName)
                                        .toList()) + "."));
    }
}
