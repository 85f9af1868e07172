package tap.localstack.demo;

import java.util.Map;

import tap.localstack.identity.AdministratorRole;
import tap.localstack.identity.DevelopmentTokens;

/**
 * The development users, one per role, and their tokens.
 *
 * @param tokens makes them
 * @param users user id by role name
 */
record Administrators(DevelopmentTokens tokens, Map<String, String> users) {
    String token(AdministratorRole role) {
        return tokens.delegated(users.getOrDefault(role.displayName(), ""), role, DevelopmentTokens.ALL_PERMISSIONS);
    }
}
