package tap.pass.api;

import java.time.Instant;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.graph.odata.GraphList;

/** What became of a pass and why, and whom the policy was about; ours, Graph has nothing like it. Ids only, no names. */
@Path("/{version:v1\\.0|beta}/users/{user}/authentication")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "The past")
public class PastResource {
    /** What OpenAPI says of a moment. */
    static final String MOMENT = "Answers from the log what was known at this moment, five seconds ago or earlier";

    private static final String PASS = "temporaryAccessPassMethods/{pass}";

    private final PassReader passes;

    PastResource(PassReader passes) {
        this.passes = passes;
    }

    /** A pass's life. */
    @GET
    @Path(PASS + "/history")
    @Operation(
            summary = "Tell what a pass has lived through, from its issue on",
            description =
                    "In the order in which pass-service came to know it. Also of passes that are gone. 1,000 events a page.")
    @Parameter(name = "$skiptoken", in = ParameterIn.QUERY, description = "From @odata.nextLink")
    public Uni<GraphList<HistoryEntry>> history(@PathParam("user") String user, @PathParam("pass") String pass) {
        return passes.history(user, pass);
    }

    /** Why a pass was usable, or not. */
    @GET
    @Path(PASS + "/explain")
    @Operation(summary = "Tell whether a pass was usable at a moment, with each check and what it saw")
    @Parameter(
            name = PassReader.AT,
            in = ParameterIn.QUERY,
            description = MOMENT + "; without it, now",
            schema = @Schema(implementation = Instant.class))
    public Uni<ExplanationResponse> explain(@PathParam("user") String user, @PathParam("pass") String pass) {
        return passes.explanation(user, pass);
    }

    /** Whether the policy is about a user. */
    @GET
    @Path("temporaryAccessPassTargeting")
    @Operation(summary = "Tell whether the policy includes or excludes a user, and in which groups it sees them")
    @Parameter(
            name = PassReader.AS_OF,
            in = ParameterIn.QUERY,
            description = MOMENT + "; without it, now",
            schema = @Schema(implementation = Instant.class))
    public Uni<TargetingResponse> targeting(@PathParam("user") String user) {
        return passes.targeting(user);
    }
}
