package tap.graph.odata;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Reads keys in OData's parentheses as path segments: {@code users('x')} is {@code users/x} (OData URL conventions 4.01 §4.3.1 and
 * §4.3.6). Clients that encode the {@code $} of {@code $count}, or end a path with a slash, mean the same too.
 */
@Singleton
public class ODataKeys {
    private static final Pattern KEY = Pattern.compile(
            "(?<=/users|/temporaryAccessPassMethods|/authenticationMethodConfigurations)/?(?:\\(|%28)(?:'|%27)([^/]*?)(?:'|%27)(?:\\)|%29)(?=/|$)",
            Pattern.CASE_INSENSITIVE);

    @ServerRequestFilter(preMatching = true)
    void rewrite(ContainerRequestContext request) {
        URI called = request.getUriInfo().getRequestUri();
        String path = called.getRawPath();
        if (!path.startsWith("/v1.0/") && !path.startsWith("/beta/")) {
            return;
        }
        // a quote within a key is written twice
        String rewritten = KEY.matcher(path.replace("%24count", "$count").replaceAll("/$", ""))
                .replaceAll(key -> Matcher.quoteReplacement("/" + key.group(1).replace("''", "'")));
        if (!rewritten.equals(path)) {
            String query = called.getRawQuery();
            request.setRequestUri(URI.create(query == null ? rewritten : rewritten + "?" + query));
        }
    }
}
