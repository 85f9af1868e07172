package tap.graph.access;

import java.util.List;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Which claims of the provider's tokens say what. The defaults are Entra's; docs/access.md has those of other providers. A claim is
 * named as it stands in the token, or by the path to it: {@code realm_access/roles}. Of several all values count.
 */
@ConfigMapping(prefix = "tap.access")
public interface AccessConfig {
    /** Hold what the user has consented to; a token with one of them is delegated. */
    @WithDefault("scp")
    List<String> scopeClaims();

    /** Hold what an application may do by itself. */
    @WithDefault("roles")
    List<String> permissionClaims();

    /** Hold the administrator roles of a delegated caller, as template ids or names. */
    @WithDefault("wids,roles")
    List<String> rolesClaims();

    /** Who knows the administrator roles of a delegated caller. */
    @WithDefault("token")
    RolesFrom rolesFrom();

    /** The caller's id: the first of these claims that the token has. */
    @WithDefault("oid,sub")
    List<String> subjectClaims();

    /** Marks application tokens, by the value below. */
    @WithDefault("idtyp")
    String applicationClaim();

    /** The value that marks application tokens. */
    @WithDefault("app")
    String applicationValue();

    /**
     * Whether a marked token is an application's even if it has scopes, as some providers give them to applications too. Only where
     * no token of a user ever has the mark.
     */
    @WithDefault("false")
    boolean applicationsHaveScopes();

    /** Who knows a caller's administrator roles: one of the two, never both. */
    enum RolesFrom {
        /** The provider, which writes them into the token. */
        TOKEN,
        /** The directory, as it is when the request is decided; what the token says of roles is not read. */
        DIRECTORY
    }
}
