package tap.graph.edge;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ClassRoutingHandler;
import org.jboss.resteasy.reactive.server.handlers.RestInitialHandler.InitialMatch;
import org.jboss.resteasy.reactive.server.mapping.RequestMapper;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * Which methods a path takes: for OPTIONS, and for the {@code Allow} of a 405 (RFC 9110 §15.5.6). Quarkus leaves the header out of a
 * 405, and answers OPTIONS for every path of a class with the methods of all of them.
 */
@Singleton
public class AllowedMethods {
    /** After the filters that rewrite the path. */
    private static final int LAST = Priorities.USER + 1_000;

    @ServerRequestFilter(preMatching = true, priority = LAST)
    Optional<Response> options(ContainerRequestContext request) {
        if (!request.getMethod().equals(HttpMethod.OPTIONS)) {
            return Optional.empty();
        }
        Set<String> allowed = ofPresentRequest();
        if (allowed.isEmpty()) {
            throw new NotFoundException();
        }
        return Optional.of(Response.noContent()
                .header(HttpHeaders.ALLOW, String.join(", ", allowed))
                .build());
    }

    /** The methods that the path of the present request takes, in the order of the alphabet; empty if nothing is served there. */
    static Set<String> ofPresentRequest() {
        ResteasyReactiveRequestContext request = CurrentRequestManager.get();
        return request == null ? Set.of() : of(request);
    }

    private static Set<String> of(ResteasyReactiveRequestContext request) {
        String path = request.getPathWithoutPrefix();
        RequestMapper<InitialMatch> classes =
                new RequestMapper<>(request.getDeployment().getClassMappers());
        Set<String> methods = new TreeSet<>();
        RequestMapper.RequestMatch<InitialMatch> match = classes.map(path);
        while (match != null) {
            for (ServerRestHandler handler : match.value.handlers) {
                if (handler instanceof ClassRoutingHandler routing) {
                    add(methods, routing, match.remaining.isEmpty() ? "/" : match.remaining);
                }
            }
            match = classes.continueMatching(path, match);
        }
        if (methods.contains(HttpMethod.GET)) {
            methods.add(HttpMethod.HEAD);
        }
        if (!methods.isEmpty()) {
            methods.add(HttpMethod.OPTIONS);
        }
        return methods;
    }

    private static void add(Set<String> methods, ClassRoutingHandler routing, String remaining) {
        for (Map.Entry<String, RequestMapper<RuntimeResource>> method :
                routing.getMappers().entrySet()) {
            if (method.getKey() != null && method.getValue().map(remaining) != null) {
                methods.add(method.getKey());
            }
        }
    }
}
