package tap.pass.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import io.quarkus.arc.ClientProxy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.graph.GraphRequest;
import tap.graph.edge.Edge;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;
import tap.graph.json.RequestBody;

/**
 * Several requests in one, as Graph's clients send them; what each may do is judged for each.
 *
 * @see <a href="https://learn.microsoft.com/graph/json-batching">JSON batching in Microsoft Graph</a>
 */
@Path("/{version:v1\\.0|beta}/$batch")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Batch")
public class BatchResource {
    private final GraphRequest request;
    private final RoutingContext http;
    private final BatchCalls calls;

    BatchResource(GraphRequest request, RoutingContext http, BatchCalls calls) {
        this.request = request;
        this.http = http;
        this.calls = calls;
    }

    /** Answers up to 20 requests about passes. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Answer up to 20 requests at once",
            description =
                    "Each has id, method, url and, if it needs them, headers, body and dependsOn. Urls are those of passes,"
                            + " relative; those of policies are not served here.")
    @APIResponse(responseCode = "200", description = "An answer to each, in any order")
    @APIResponse(
            responseCode = "400",
            description = "Nothing was done: more than 20, an id twice, dependencies that cannot be met")
    public Uni<BatchResponse> answer(RequestBody body) {
        BatchRequest batch = BatchRequest.of(body);
        HttpServerRequest whole = ClientProxy.unwrap(http).request();
        Function<Throwable, Edge.Answer> failures = request.failures();
        String version = request.version();
        Map<String, Uni<BatchResponse.Part>> answers = new LinkedHashMap<>();
        for (BatchRequest.Part part : batch.parts()) {
            Uni<BatchResponse.Part> call = calls.call(part, whole, version, failures);
            List<Uni<BatchResponse.Part>> before = part.dependsOn().stream()
                    .map(id -> answers.get(id.toLowerCase(Locale.ROOT)))
                    .toList();
            Uni<BatchResponse.Part> inTurn = before.isEmpty()
                    ? call
                    : Uni.join()
                            .all(before)
                            .andFailFast()
                            .flatMap(done -> done.stream().allMatch(BatchResponse.Part::succeeded)
                                    ? call
                                    : Uni.createFrom()
                                            .item(() -> BatchCalls.failed(part, failures.apply(dependencyFailed()))));
            answers.put(part.key(), inTurn.memoize().indefinitely());
        }
        return Uni.join().all(List.copyOf(answers.values())).andFailFast().map(BatchResponse::new);
    }

    private static GraphException dependencyFailed() {
        return GraphError.of(424, "failedDependency", "A request that this one depends on has failed.")
                .exception();
    }
}
