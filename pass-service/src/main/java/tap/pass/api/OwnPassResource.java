package tap.pass.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.graph.GraphRequest;
import tap.graph.odata.GraphList;
import tap.pass.application.PassCommands;

import static tap.graph.access.Operation.DELETE_PASS;

/** The caller's own pass: to read and to delete, never to issue. */
@Path("/{version:v1\\.0|beta}/me/authentication")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Own pass")
public class OwnPassResource {
    private static final String PASSES = "temporaryAccessPassMethods";
    private static final String CONTEXT = "me/authentication/";

    private final GraphRequest request;
    private final PassCommands commands;
    private final PassReader passes;

    OwnPassResource(GraphRequest request, PassCommands commands, PassReader passes) {
        this.request = request;
        this.commands = commands;
        this.passes = passes;
    }

    /** The caller's pass, as a list of one or none. */
    @GET
    @Path(PASSES)
    @Operation(summary = "List the caller's passes: one or none")
    public Uni<GraphList<PassResponse>> list() {
        return passes.list(null, request.odata().of(CONTEXT + PASSES), PassResponse::element);
    }

    /** How many passes the caller has. */
    @GET
    @Path(PASSES + "/$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the caller's passes: 0 or 1")
    public Uni<String> count() {
        return passes.list(null, "", PassResponse::element)
                .map(list -> Integer.toString(list.value().size()));
    }

    /** One pass of the caller. */
    @GET
    @Path(PASSES + "/{pass}")
    @Operation(summary = "Read the caller's pass; its code is never shown again")
    public Uni<PassResponse> get(@PathParam("pass") String pass) {
        return passes.one(null, pass, request.odata().of(CONTEXT + PASSES + "/$entity"));
    }

    /** Deletes the caller's pass. */
    @DELETE
    @Path(PASSES + "/{pass}")
    @Operation(summary = "Delete the caller's pass")
    @APIResponse(responseCode = "204", description = "Deleted; no redemption that starts from now on succeeds")
    @APIResponse(
            responseCode = "202",
            description = "Deleted; not confirmed in time that it cannot be redeemed any more")
    public Uni<Response> delete(@PathParam("pass") String pass) {
        passes.couldBeGranted(DELETE_PASS);
        return commands.delete(
                        request.caller(), passes.reference(null), PassReader.passId(pass), Requests.metadata(request))
                .map(outcome -> PassAnswers.of(outcome, null, pass));
    }

    /** All methods of the caller, of which a pass is the only type here. */
    @GET
    @Path("methods")
    @Operation(summary = "List the caller's authentication methods: the pass, if there is one")
    public Uni<GraphList<PassResponse>> methods() {
        return passes.list(null, request.odata().of(CONTEXT + "methods"), PassResponse::method);
    }

    /** How many methods the caller has. */
    @GET
    @Path("methods/$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the caller's authentication methods: 0 or 1")
    public Uni<String> countMethods() {
        return passes.list(null, "", PassResponse::method)
                .map(list -> Integer.toString(list.value().size()));
    }

    /** One method, which says its type. */
    @GET
    @Path("methods/{method}")
    @Operation(summary = "Read one of the caller's authentication methods: the pass")
    public Uni<PassResponse> method(@PathParam("method") String method) {
        return passes.method(null, method, request.odata().of(CONTEXT + "methods/$entity"));
    }
}
