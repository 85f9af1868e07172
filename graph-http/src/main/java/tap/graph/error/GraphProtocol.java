package tap.graph.error;

import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Graph's error envelope on every path that is not excepted. The Java SDK throws a NullPointerException on anything else.
 *
 * @see <a href="https://learn.microsoft.com/graph/errors">Microsoft Graph error responses</a>
 */
public final class GraphProtocol implements PathProtocol {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<String> exceptedPrefixes;
    private final Clock clock;

    /** Speaks Graph everywhere but at and below the excepted prefixes; the clock dates the errors. */
    public GraphProtocol(List<String> exceptedPrefixes, Clock clock) {
        this.exceptedPrefixes = List.copyOf(exceptedPrefixes);
        this.clock = clock;
    }

    @Override
    public boolean covers(String path) {
        return exceptedPrefixes.stream().noneMatch(prefix -> PathProtocol.below(prefix, path));
    }

    @Override
    public String errorMediaType() {
        return "application/json";
    }

    @Override
    public String errorBody(GraphError error, RequestIds ids) {
        ObjectNode envelope = JSON.createObjectNode();
        ObjectNode body = envelope.putObject("error");
        body.put("code", error.code());
        body.put("message", error.message());
        ObjectNode inner = body.putObject("innerError");
        if (error.detail() != null) {
            inner.put("message", error.detail());
        }
        // Graph writes UTC without an offset here, and only here
        inner.put(
                "date",
                DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
                        LocalDateTime.ofInstant(clock.instant().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC)));
        inner.put("request-id", ids.requestId());
        inner.put("client-request-id", ids.clientRequestId() == null ? ids.requestId() : ids.clientRequestId());
        try {
            return JSON.writeValueAsString(envelope);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of strings cannot fail to be written", impossible);
        }
    }
}
