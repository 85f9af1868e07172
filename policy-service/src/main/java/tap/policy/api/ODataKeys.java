package tap.policy.api;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Reads a key in OData's parentheses as a path segment: {@code configurations('x')} is {@code configurations/x} (OData URL
 * conventions 4.01 §4.3.1 and §4.3.6). Clients that encode the {@code $} of {@code $count}, or end a path with a slash, mean the
 * same too.
 */
@Singleton
public class ODataKeys {
    private static final Pattern KEY = Pattern.compile(
            "(/authenticationMethodConfigurations)/?(?:\\(|%28)(?:'|%27)([^/]*?)(?:'|%27)(?:\\)|%29)$",
            Pattern.CASE_INSENSITIVE);

    @ServerRequestFilter(preMatching = true)
    void rewrite(ContainerRequestContext request) {
        URI called = request.getUriInfo().getRequestUri();
        if (!called.getRawPath().startsWith("/v1.0/") && !called.getRawPath().startsWith("/beta/")) {
            return;
        }
        String path = called.getRawPath().replace("%24", "$").replaceAll("/$", "");
        Matcher key = KEY.matcher(path);
        if (key.find()) {
            path = path.substring(0, key.start()) + key.group(1) + "/" + key.group(2);
        }
        if (!path.equals(called.getRawPath())) {
            request.setRequestUri(URI.create(path));
        }
    }
}
