package tap.policy.api;

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
import tap.policy.application.CallerRoles;
import tap.policy.projections.pendingchanges.PendingChange;
import tap.policy.projections.pendingchanges.PendingChangeQueries;
import tap.policy.projections.pendingchanges.PendingChanges;

/** Changes that not everybody is known to obey yet; ours, Graph has nothing like it. */
@Path("/{version:v1\\.0|beta}/policies/pending")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Pending")
public class PendingResource {
    private final GraphRequest request;
    private final PendingChanges changes;
    private final PendingChangeQueries pending;
    private final CallerRoles roles;

    PendingResource(GraphRequest request, PendingChanges changes, PendingChangeQueries pending, CallerRoles roles) {
        this.roles = roles;
        this.request = request;
        this.changes = changes;
        this.pending = pending;
    }

    /** Changes of the policy, of users and of groups that are not yet confirmed. */
    @GET
    @Operation(
            summary =
                    "List the changes that issuing and redeeming are not yet known to obey, the longest waiting first, at"
                            + " most 1,000",
            description =
                    "kind is policyChange, userChange or groupChange; id is the event's. Passes are listed at /pending.")
    @APIResponse(responseCode = "200", description = "Empty when everything is confirmed")
    public Uni<GraphList<PendingItem>> list() {
        String context = request.odata().of("policies/pending");
        return roles.allow(request.caller(), tap.graph.access.Operation.READ_AUDIT)
                .chain(changes::clear)
                .chain(pending::oldest)
                .map(found -> GraphList.whole(
                        context, found.stream().map(PendingResource::item).toList()));
    }

    /** How many there are, also beyond what the list shows. */
    @GET
    @Path("$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the changes that issuing and redeeming are not yet known to obey")
    public Uni<String> count() {
        return roles.allow(request.caller(), tap.graph.access.Operation.READ_AUDIT)
                .chain(changes::clear)
                .chain(pending::howMany)
                .map(String::valueOf);
    }

    private static PendingItem item(PendingChange change) {
        return new PendingItem(change.kind, change.eventId.toString(), change.userId(), change.since.toString());
    }
}
