package tap.graph.odata;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Builds {@code @odata.context} as Graph does: {@code <base>/<version>/$metadata#<path>}.
 *
 * @param base the origin callers use, without a trailing slash
 * @param version {@code v1.0} or {@code beta}
 */
public record ODataContext(String base, String version) {
    private static final String PASSES = "/authentication/temporaryAccessPassMethods";

    /** Any context, its path written as it shall stand, for example {@code authenticationMethodConfigurations/$entity}. */
    public String of(String path) {
        return base + "/" + version + "/$metadata#" + path;
    }

    /** The list of a user's passes. */
    public String passes(String userKey) {
        return of("users('" + encoded(userKey) + "')" + PASSES);
    }

    /** One pass of a user. */
    public String pass(String userKey) {
        return passes(userKey) + "/$entity";
    }

    /** What a pass has lived through. */
    public String history(String userKey, String passId) {
        return passes(userKey) + "('" + encoded(passId) + "')/history";
    }

    /** The next page of it, from some event on. */
    public String historyLink(String userKey, String passId, int after) {
        return url("/users/" + encoded(userKey) + PASSES + "/" + encoded(passId) + "/history?$skiptoken=" + after);
    }

    /** Whether the policy is about a user. */
    public String targeting(String userKey) {
        return of("users('" + encoded(userKey) + "')/authentication/temporaryAccessPassTargeting");
    }

    /** All methods of a user. */
    public String methods(String userKey) {
        return of("users('" + encoded(userKey) + "')/authentication/methods");
    }

    /** The service's URL of a path below the version, for example for a {@code nextLink}. */
    public String url(String path) {
        return base + "/" + version + path;
    }

    /** The key as called, decoded before and encoded here (RFC 3986 §2.1), with quotes doubled (OData URL conventions §5.1.1.6.1). */
    private static String encoded(String key) {
        return URLEncoder.encode(key.replace("'", "''"), StandardCharsets.UTF_8).replace("+", "%20");
    }
}
