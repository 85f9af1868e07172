package tap.localstack.gateway;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** How a protocol writes an error, so that its clients understand the gateway as they understand the services. */
public enum ErrorForm {
    /** Microsoft Graph's envelope (graph-contract.md §3). */
    GRAPH("application/json"),
    /** RFC 7644 §3.12. */
    SCIM("application/scim+json"),
    /** RFC 6749 §5.2. */
    OAUTH("application/json");

    private final String contentType;

    ErrorForm(String contentType) {
        this.contentType = contentType;
    }

    String contentType() {
        return contentType;
    }

    /** The body of an error. */
    JsonObject body(GatewayError error, UUID requestId, @Nullable String clientRequestId) {
        return switch (this) {
            case GRAPH -> graph(error, requestId, clientRequestId);
            case SCIM ->
                new JsonObject()
                        .put("schemas", new JsonArray().add("urn:ietf:params:scim:api:messages:2.0:Error"))
                        .put("status", Integer.toString(error.status()))
                        .put("detail", error.message());
            case OAUTH ->
                new JsonObject()
                        .put("error", error.status() >= 500 ? "temporarily_unavailable" : "invalid_request")
                        .put("error_description", error.message());
        };
    }

    private static JsonObject graph(GatewayError error, UUID requestId, @Nullable String clientRequestId) {
        LocalDateTime now = LocalDateTime.ofInstant(Instant.now().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC);
        return new JsonObject()
                .put(
                        "error",
                        new JsonObject()
                                .put("code", error.code())
                                .put("message", error.message())
                                .put(
                                        "innerError",
                                        new JsonObject()
                                                .put("date", now.toString())
                                                .put("request-id", requestId.toString())
                                                .put(
                                                        "client-request-id",
                                                        clientRequestId == null
                                                                ? requestId.toString()
                                                                : clientRequestId)));
    }
}
