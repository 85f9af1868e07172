package tap.pass.api;

import java.util.function.Function;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.common.util.RestMediaType;
import tap.graph.GraphRequest;
import tap.graph.edge.Edge;
import tap.graph.error.GraphError;
import tap.graph.json.RequestBody;
import tap.pass.application.BulkIssuing;

import static tap.graph.access.Operation.CREATE_PASS;

/** Passes for many users in one request, answered as they are issued; ours, Graph has nothing like it. */
@Path("/{version:v1\\.0|beta}/temporaryAccessPassMethods/bulk")
@Tag(name = "Passes")
public class BulkResource {
    private final GraphRequest request;
    private final PassReader passes;
    private final BulkIssuing bulks;

    BulkResource(GraphRequest request, PassReader passes, BulkIssuing bulks) {
        this.request = request;
        this.passes = passes;
        this.bulks = bulks;
    }

    /** Issues passes, a line of the answer each. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(RestMediaType.APPLICATION_NDJSON)
    @Operation(
            summary = "Issue passes for up to 10,000 users, or for the members of a group",
            description =
                    "The body names users (a list of ids or user names) or groupId, and what a single request says of a pass;"
                            + " onExisting is skip (the default: a user who has a pass that may still be used keeps it) or replace."
                            + " The answer is a stream of JSON lines, one a user in any order, each with the status that a single"
                            + " request would have had. A stream that breaks off is asked for again with the same Idempotency-Key.")
    @APIResponse(responseCode = "200", description = "A line a user: the pass with its code, or an error")
    @APIResponse(responseCode = "400", description = "Nothing was issued; also without an Idempotency-Key")
    @APIResponse(responseCode = "403", description = "The caller may issue nobody a pass")
    @APIResponse(responseCode = "409", description = "The Idempotency-Key stands for another bulk")
    @APIResponse(responseCode = "429", description = "The caller has a bulk running")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            required = true,
            description = "Repeating a request with its key within 24 hours issues nobody a second pass",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255))
    public Multi<BulkLine> issue(RequestBody body) {
        passes.couldBeGranted(CREATE_PASS);
        String key = IdempotencyKey.of(request.headers(IdempotencyKey.HEADER));
        if (key == null) {
            throw GraphError.badRequest("A bulk needs the header " + IdempotencyKey.HEADER + ".")
                    .exception();
        }
        Function<Throwable, Edge.Answer> failures = request.failures();
        return bulks.issue(request.caller(), BulkRequest.of(body, key), Requests.metadata(request))
                .map(outcome -> BulkLine.of(outcome, failures));
    }
}
