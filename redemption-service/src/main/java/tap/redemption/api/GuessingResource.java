package tap.redemption.api;

import java.util.UUID;
import java.util.function.Predicate;

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
import org.jboss.logging.Logger;
import tap.graph.GraphRequest;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.error.GraphError;
import tap.graph.odata.GraphList;
import tap.redemption.application.Guessing;
import tap.redemption.application.Refusals;
import tap.redemption.application.UserLookup;

import static tap.graph.access.Operation.CREATE_PASS;
import static tap.graph.access.Operation.READ_AUDIT;
import static tap.graph.access.Operation.READ_PASS;

/** What administrators need when somebody cannot sign in: why not, and a way to let them try again. Ours, Graph has nothing like it. */
@Path("/{version:v1\\.0|beta}/redemptions/users")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Redemptions")
public class GuessingResource {
    private static final Logger LOG = Logger.getLogger(GuessingResource.class);

    private final GraphRequest request;
    private final UserLookup users;
    private final Refusals refusals;
    private final Guessing guessing;

    GuessingResource(GraphRequest request, UserLookup users, Refusals refusals, Guessing guessing) {
        this.request = request;
        this.users = users;
        this.refusals = refusals;
        this.guessing = guessing;
    }

    /** Why the user was refused lately. */
    @GET
    @Path("{user}/refusals")
    @Operation(
            summary = "List the user's last 20 refusals with their real reasons, the newest first",
            description =
                    "For whoever may read the user's pass, or the audit. Written within a second, kept for 30 days.")
    public Uni<GraphList<RefusalResponse>> refusals(@PathParam("user") String user) {
        Caller caller = request.caller();
        if (!Access.foreseen(caller, READ_AUDIT).granted()) {
            Access.foreseen(caller, READ_PASS).orRefuse();
        }
        String context = request.odata().of("redemptions/users/refusals");
        return find(user, READ_PASS, known -> Access.decide(known, READ_AUDIT).granted())
                .flatMap(refusals::newest)
                .map(newest -> GraphList.whole(
                        context, newest.stream().map(RefusalResponse::of).toList()));
    }

    /** Lets the user try again at once. */
    @DELETE
    @Path("{user}/throttle")
    @Operation(
            summary = "Clear the user's waits, so that they can try again at once",
            description =
                    "For whoever may issue a pass to the user. A lock stays, and so do the wrong codes that count towards"
                            + " one: only a new pass begins anew.")
    @APIResponse(responseCode = "204", description = "Cleared, or there was nothing to clear")
    public Uni<Response> clear(@PathParam("user") String user) {
        Caller caller = request.caller();
        Access.foreseen(caller, CREATE_PASS).orRefuse();
        return find(user, CREATE_PASS, known -> false)
                .call(guessing::clearWaits)
                .invoke(userId -> LOG.infof("the waits of user %s were cleared by %s", userId, caller.actor()))
                .map(userId -> Response.noContent().build());
    }

    private Uni<UUID> find(String user, tap.graph.access.Operation operation, Predicate<Caller> mayAnyway) {
        Caller caller = request.caller();
        return users.find(user, caller.subject()).map(found -> {
            UUID userId = found.userId();
            UUID callerId = found.callerId();
            Caller known = caller.knownWith(found.callerRoles());
            if (!mayAnyway.test(known)) {
                refuseUnless(Access.decide(
                        known,
                        operation,
                        userId == null
                                ? Access.Target.NOBODY
                                : new Access.Target(userId.toString(), found.administrator()),
                        callerId == null ? null : callerId.toString()));
            }
            if (userId == null) {
                throw GraphError.userNotFound(user).exception();
            }
            return userId;
        });
    }

    private static void refuseUnless(Access access) {
        if (access == Access.OWN_ACCOUNT) {
            throw GraphError.accessDenied()
                    .detail("Nobody can clear the waits of the account they act as.")
                    .exception();
        }
        access.orRefuse();
    }
}
