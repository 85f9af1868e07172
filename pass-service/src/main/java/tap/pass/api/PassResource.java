package tap.pass.api;

import java.time.Instant;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.graph.GraphRequest;
import tap.graph.odata.GraphList;
import tap.pass.application.IssueOrder;
import tap.pass.application.PassCommands;
import tap.pass.application.PassCommands.IssueOutcome;

import static tap.graph.access.Operation.CREATE_PASS;
import static tap.graph.access.Operation.DELETE_PASS;

/**
 * The passes of a user in Graph's shape, under {@code v1.0} and {@code beta} alike.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethod">the resource in Microsoft
 *     Graph</a>
 */
@Path("/{version:v1\\.0|beta}/users/{user}/authentication")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Passes")
public class PassResource {
    private static final String PASSES = "temporaryAccessPassMethods";

    private final GraphRequest request;
    private final PassCommands commands;
    private final PassReader passes;

    PassResource(GraphRequest request, PassCommands commands, PassReader passes) {
        this.request = request;
        this.commands = commands;
        this.passes = passes;
    }

    /** Issues a pass, in the place of whatever pass the user has. */
    @POST
    @Path(PASSES)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Issue a pass; it replaces the pass that the user has")
    @RequestBody(content = @Content(schema = @Schema(implementation = PassResponse.class)))
    @APIResponse(
            responseCode = "201",
            description =
                    "Issued. The code is in this answer and in no other; isUsable says whether it can be redeemed now",
            content = @Content(schema = @Schema(implementation = PassResponse.class)))
    @APIResponse(responseCode = "400", description = "Nothing changed; the message says what the policy allows")
    @APIResponse(
            responseCode = "200",
            description =
                    "A request with the same Idempotency-Key has issued the pass before; its code is not shown again",
            content = @Content(schema = @Schema(implementation = PassResponse.class)))
    @APIResponse(responseCode = "409", description = "The Idempotency-Key stands for another request")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            description = "Repeating a request with its key within 24 hours issues no second pass",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255))
    public Uni<Response> issue(@PathParam("user") String user, tap.graph.json.RequestBody body) {
        passes.couldBeGranted(CREATE_PASS);
        String context = request.odata().pass(user);
        return commands.issue(
                        request.caller(),
                        passes.reference(user),
                        IssueOrder.single(
                                IssueRequest.of(body), IdempotencyKey.of(request.headers(IdempotencyKey.HEADER))),
                        Requests.metadata(request))
                .flatMap(outcome -> switch (outcome) {
                    case IssueOutcome.Issued issued -> Uni.createFrom().item(() -> PassAnswers.issued(issued, context));
                    case IssueOutcome.Repeated repeated ->
                        passes.now(user, repeated.pass()).map(shown -> PassAnswers.repeated(shown, context));
                    case IssueOutcome.Refused refused -> throw PassRejections.exception(refused.rejection(), user);
                });
    }

    /** The user's pass, as a list of one or none. */
    @GET
    @Path(PASSES)
    @Operation(summary = "List the user's passes: one or none")
    @Parameter(
            name = PassReader.AS_OF,
            in = ParameterIn.QUERY,
            description = PastResource.MOMENT,
            schema = @Schema(implementation = Instant.class))
    public Uni<GraphList<PassResponse>> list(@PathParam("user") String user) {
        return passes.list(user, request.odata().passes(user), PassResponse::element);
    }

    /** How many passes the user has. */
    @GET
    @Path(PASSES + "/$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the user's passes: 0 or 1")
    public Uni<String> count(@PathParam("user") String user) {
        return passes.list(user, "", PassResponse::element)
                .map(list -> Integer.toString(list.value().size()));
    }

    /** One pass. */
    @GET
    @Path(PASSES + "/{pass}")
    @Operation(summary = "Read a pass; its code is never shown again")
    @Parameter(
            name = PassReader.AS_OF,
            in = ParameterIn.QUERY,
            description = PastResource.MOMENT,
            schema = @Schema(implementation = Instant.class))
    public Uni<PassResponse> get(@PathParam("user") String user, @PathParam("pass") String pass) {
        return passes.one(user, pass, request.odata().pass(user));
    }

    /** Deletes a pass. */
    @DELETE
    @Path(PASSES + "/{pass}")
    @Operation(summary = "Delete a pass")
    @APIResponse(responseCode = "204", description = "Deleted; no redemption that starts from now on succeeds")
    @APIResponse(
            responseCode = "202",
            description = "Deleted; not confirmed in time that it cannot be redeemed any more")
    public Uni<Response> delete(@PathParam("user") String user, @PathParam("pass") String pass) {
        passes.couldBeGranted(DELETE_PASS);
        return commands.delete(
                        request.caller(), passes.reference(user), PassReader.passId(pass), Requests.metadata(request))
                .map(outcome -> PassAnswers.of(outcome, user, pass));
    }

    /** All methods of the user, of which a pass is the only type here. */
    @GET
    @Path("methods")
    @Operation(summary = "List the user's authentication methods: the pass, if there is one")
    @Parameter(
            name = PassReader.AS_OF,
            in = ParameterIn.QUERY,
            description = PastResource.MOMENT,
            schema = @Schema(implementation = Instant.class))
    public Uni<GraphList<PassResponse>> methods(@PathParam("user") String user) {
        return passes.list(user, request.odata().methods(user), PassResponse::method);
    }

    /** How many methods the user has. */
    @GET
    @Path("methods/$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the user's authentication methods: 0 or 1")
    public Uni<String> countMethods(@PathParam("user") String user) {
        return passes.list(user, "", PassResponse::method)
                .map(list -> Integer.toString(list.value().size()));
    }

    /** One method, which says its type. */
    @GET
    @Path("methods/{method}")
    @Operation(summary = "Read one of the user's authentication methods: the pass")
    @Parameter(
            name = PassReader.AS_OF,
            in = ParameterIn.QUERY,
            description = PastResource.MOMENT,
            schema = @Schema(implementation = Instant.class))
    public Uni<PassResponse> method(@PathParam("user") String user, @PathParam("method") String method) {
        return passes.method(user, method, request.odata().methods(user) + "/$entity");
    }
}
