package tap.pass.api;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.graph.GraphRequest;
import tap.graph.odata.GraphList;
import tap.graph.odata.PendingItem;
import tap.pass.projections.pendingpasses.PendingPass;
import tap.pass.projections.pendingpasses.PendingPassQueries;

/** What was answered as pending, or begun without anybody waiting, and is not yet confirmed; ours, Graph has nothing like it. */
@Path("/{version:v1\\.0|beta}/pending")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Pending")
public class PendingResource {
    private final GraphRequest request;
    private final PendingPassQueries pending;
    private final PassReader passes;

    PendingResource(GraphRequest request, PendingPassQueries pending, PassReader passes) {
        this.passes = passes;
        this.request = request;
        this.pending = pending;
    }

    /** Passes that are not yet admitted or withdrawn. */
    @GET
    @Operation(
            summary = "List the passes that redemption has not confirmed yet, the longest waiting first, at most 1,000",
            description =
                    "kind is passAdmission (issued, and not yet known whether it can be redeemed) or passWithdrawal"
                            + " (deleted, replaced or revoked, and not yet known that it cannot be redeemed any more). Changes of policy"
                            + " and directory are listed at policies/pending.")
    @APIResponse(responseCode = "200", description = "Empty when everything is confirmed")
    public Uni<GraphList<PendingItem>> list() {
        String context = request.odata().of("pending");
        return passes.allow(tap.graph.access.Operation.READ_AUDIT)
                .chain(pending::oldest)
                .map(passes -> GraphList.whole(
                        context, passes.stream().map(PendingResource::item).toList()));
    }

    /** How many there are, also beyond what the list shows. */
    @GET
    @Path("$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the passes that redemption has not confirmed yet")
    public Uni<String> count() {
        return passes.allow(tap.graph.access.Operation.READ_AUDIT)
                .chain(pending::howMany)
                .map(String::valueOf);
    }

    private static PendingItem item(PendingPass pass) {
        return new PendingItem(pass.awaited, pass.passId.toString(), pass.userId.toString(), pass.since.toString());
    }
}
