package tap.graph.odata;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Reads keys in OData's parentheses as path segments: {@code users('x')} is {@code users/x} (OData URL conventions 4.01 §4.3.1 and
 * §4.3.6). Clients that encode the {@code $} of {@code $count} or {@code $batch}, or end a path with a slash, mean the same too.
 */
@Singleton
public class ODataKeys {
    private static final Pattern KEY = Pattern.compile(
            "(?<=/users|/temporaryAccessPassMethods|/authenticationMethodConfigurations)/?(?:\\(|%28)(?:'|%27)([^/]*?)(?:'|%27)(?:\\)|%29)(?=/|$)",
            Pattern.CASE_INSENSITIVE);
    /** A quote within a key is written twice, each of the two encoded or not (OData URL conventions 4.01 §5.1.1.6.1). */
    private static final Pattern DOUBLED = Pattern.compile("(?:'|%27){2}");

    @ServerRequestFilter(preMatching = true)
    void rewrite(ContainerRequestContext request) {
        URI called = request.getUriInfo().getRequestUri();
        String path = called.getRawPath();
        if (!path.startsWith("/v1.0/") && !path.startsWith("/beta/")) {
            return;
        }
        String rewritten = KEY.matcher(path.replace("%24count", "$count")
                        .replace("%24batch", "$batch")
                        .replaceAll("/$", ""))
                .replaceAll(key -> Matcher.quoteReplacement(
                        "/" + DOUBLED.matcher(key.group(1)).replaceAll("%27")));
        if (!rewritten.equals(path)) {
            // the path of a new URI is decoded once before its segments are told apart, and they once more
            rewritten = rewritten.replace("%", "%25");
            String query = called.getRawQuery();
            request.setRequestUri(URI.create(query == null ? rewritten : rewritten + "?" + query));
        }
    }
}
