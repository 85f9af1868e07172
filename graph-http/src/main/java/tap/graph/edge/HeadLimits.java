package tap.graph.edge;

import java.util.Map;
import java.util.Optional;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import tap.graph.error.GraphError;

/**
 * How long a request's URI and header section may be. Vert.x refuses what is over its limits with an empty body, before any route; its
 * limits are therefore set beyond ours, which stay those of {@code quarkus.http.limits}, and what is between is refused here.
 */
@Singleton
public class HeadLimits implements HttpServerOptionsCustomizer {
    /** More than the gateway lets through. */
    private static final int BEYOND = 64 * 1_024;
    /** Of a header line, beside name and value: colon, blank, end of line. */
    private static final int PUNCTUATION = 4;

    private volatile int longestLine = HttpServerOptions.DEFAULT_MAX_INITIAL_LINE_LENGTH;
    private volatile int largestSection = HttpServerOptions.DEFAULT_MAX_HEADER_SIZE;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        longestLine = options.getMaxInitialLineLength();
        largestSection = options.getMaxHeaderSize();
        options.setMaxInitialLineLength(Math.max(longestLine, BEYOND));
        options.setMaxHeaderSize(Math.max(largestSection, BEYOND));
    }

    /** The error for a request whose head is too long: 414 or 431. */
    Optional<GraphError> refusal(HttpServerRequest request) {
        int line = request.method().name().length() + request.uri().length() + " HTTP/1.1".length() + 1;
        if (line > longestLine) {
            return Optional.of(GraphError.ofStatus(414));
        }
        long section = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            section += header.getKey().length() + header.getValue().length() + PUNCTUATION;
        }
        return section > largestSection ? Optional.of(GraphError.ofStatus(431)) : Optional.empty();
    }
}
