package tap.graph.access;

import java.util.List;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which claims of the provider's tokens say what. The defaults are Entra's. */
@ConfigMapping(prefix = "tap.access")
public interface AccessConfig {
    /** Holds the administrator roles of a delegated caller, as template ids or names. */
    @WithDefault("wids")
    String rolesClaim();

    /** The caller's id: the first of these claims that the token has. */
    @WithDefault("oid,sub")
    List<String> subjectClaims();

    /** Marks application tokens, by the value below. */
    @WithDefault("idtyp")
    String applicationClaim();

    /** The value that marks application tokens. */
    @WithDefault("app")
    String applicationValue();
}
