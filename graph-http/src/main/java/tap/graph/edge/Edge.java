package tap.graph.edge;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.quarkus.arc.All;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.graph.error.FailureTranslation;
import tap.graph.error.Failures;
import tap.graph.error.GraphError;
import tap.graph.error.GraphProtocol;
import tap.graph.error.PathProtocol;
import tap.graph.error.RequestIds;

/** Which protocol is spoken where, and what a failure looks like there. */
@Singleton
public final class Edge {
    private static final Logger LOG = Logger.getLogger(Edge.class);
    private static final String IDS = RequestIds.class.getName();

    private final List<PathProtocol> protocols;
    private final Failures failures;

    Edge(GraphConfig config, @All List<PathProtocol> services, @All List<FailureTranslation> translations) {
        List<PathProtocol> all = new ArrayList<>(services);
        all.add(new GraphProtocol(config.plainPaths(), Clock.systemUTC()));
        this.protocols = List.copyOf(all);
        this.failures = new Failures(translations);
    }

    /** An HTTP answer, ready to be written by whoever caught the failure. */
    public record Answer(int status, Map<String, String> headers, String body) {}

    /** The protocol of a path (of two that cover it the first), or empty where Quarkus itself answers. */
    Optional<PathProtocol> protocolAt(String path) {
        return protocols.stream().filter(protocol -> protocol.covers(path)).findFirst();
    }

    /** The ids of the request, the same ones as often as it is asked. */
    public static RequestIds ids(RoutingContext http) {
        RequestIds known = http.get(IDS);
        if (known == null) {
            known = RequestIds.arriving(http.request().getHeader("client-request-id"));
            http.put(IDS, known);
        }
        return known;
    }

    /** Says the failure as an answer of its own would say it: for an answer that tells of several requests, each with its own error. */
    public Answer answer(Throwable failure, RoutingContext http) {
        return answer(protocolAt(path(http)).orElseThrow(), failure, http);
    }

    /** Says the failure as the protocol says it. What nobody expected is logged here, once. */
    Answer answer(PathProtocol protocol, Throwable failure, RoutingContext http) {
        Optional<GraphError> expected = failures.expected(failure, tokenSent(http));
        if (expected.isEmpty()) {
            LOG.errorf(
                    failure,
                    "%s %s failed; request-id %s",
                    http.request().method(),
                    LoggedPath.of(path(http)),
                    ids(http).requestId());
        }
        return answer(protocol, expected.orElseGet(() -> GraphError.ofStatus(500)), http);
    }

    /** Says the error as the protocol says it. */
    Answer answer(PathProtocol protocol, GraphError error, RoutingContext http) {
        Map<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", protocol.errorMediaType());
        if (error.status() == 401) {
            // RFC 6750 §3.1: without a token there is nothing to call invalid
            headers.put("WWW-Authenticate", tokenSent(http) ? "Bearer error=\"invalid_token\"" : "Bearer");
        }
        if (error.retryAfter() != null) {
            long seconds = Math.max(1, error.retryAfter().plusNanos(999_999_999).toSeconds());
            headers.put("Retry-After", Long.toString(seconds));
        }
        return new Answer(error.status(), headers, protocol.errorBody(error, ids(http)));
    }

    /** The decoded path, also of a request whose path does not decode. */
    public static String path(RoutingContext http) {
        @Nullable String path;
        try {
            path = http.normalizedPath();
        } catch (IllegalArgumentException undecodable) {
            path = http.request().path();
        }
        return path == null ? "/" : path;
    }

    private static boolean tokenSent(RoutingContext http) {
        return http.request().headers().contains("Authorization");
    }
}
