package tap.policy.api;

import java.time.Instant;
import java.util.List;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.eventsourcing.Metadata;
import tap.graph.GraphRequest;
import tap.graph.error.GraphError;
import tap.graph.odata.GraphList;
import tap.policy.application.CallerRoles;
import tap.policy.application.PolicyChanges;
import tap.policy.domain.PolicySettings;
import tap.policy.projections.policydetails.PolicyDetailsQueries;

/**
 * The Temporary Access Pass policy in Graph's shape, under {@code v1.0} and {@code beta} alike.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/resources/temporaryaccesspassauthenticationmethodconfiguration">the
 *     resource in Microsoft Graph</a>
 */
@Path("/{version:v1\\.0|beta}/policies/authenticationMethodsPolicy")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Policy")
public class PolicyResource {
    private static final String AS_OF = "asOf";
    private static final String PAST = "Answers from the log what held at this moment, five seconds ago or earlier";
    private static final String ONE = "authenticationMethodConfigurations/{id}";

    private final GraphRequest request;
    private final PolicyChanges changes;
    private final PolicyDetailsQueries details;
    private final CallerRoles roles;

    PolicyResource(GraphRequest request, PolicyChanges changes, PolicyDetailsQueries details, CallerRoles roles) {
        this.request = request;
        this.roles = roles;
        this.changes = changes;
        this.details = details;
    }

    /** The policy. */
    @GET
    @Path(ONE)
    @Operation(summary = "Read the Temporary Access Pass policy")
    @Parameter(
            name = AS_OF,
            in = ParameterIn.QUERY,
            description = PAST,
            schema = @Schema(implementation = Instant.class))
    public Uni<PolicyResponse> get(@PathParam("id") String id) {
        String context = request.odata().of("authenticationMethodConfigurations/$entity");
        return reading()
                .invoke(() -> known(id))
                .chain(this::settings)
                .map(settings -> PolicyResponse.of(context, settings));
    }

    /** Changes members of the policy. */
    @PATCH
    @Path(ONE)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Change members of the policy; a list that is present replaces the whole list")
    @RequestBody(content = @Content(schema = @Schema(implementation = PolicyResponse.class)))
    @APIResponse(responseCode = "204", description = "Changed; issuing and redeeming obey it")
    @APIResponse(
            responseCode = "202",
            description = "Changed; not confirmed in time that issuing and redeeming obey it")
    @APIResponse(responseCode = "400", description = "Nothing changed; the message names the member and its range")
    public Uni<Response> configure(@PathParam("id") String id, tap.graph.json.RequestBody body) {
        Metadata metadata = Requests.metadata(request);
        return allowed(tap.graph.access.Operation.WRITE_POLICY)
                .invoke(() -> known(id))
                .chain(() -> changes.configure(PolicyRequest.change(body), metadata))
                .map(PolicyAnswers::of);
    }

    /** Puts the policy back to the defaults. */
    @DELETE
    @Path(ONE)
    @Operation(summary = "Put the policy back to the defaults")
    @APIResponse(responseCode = "204", description = "Reset; issuing and redeeming obey it")
    @APIResponse(responseCode = "202", description = "Reset; not confirmed in time that issuing and redeeming obey it")
    public Uni<Response> reset(@PathParam("id") String id) {
        Metadata metadata = Requests.metadata(request);
        return allowed(tap.graph.access.Operation.WRITE_POLICY)
                .invoke(() -> known(id))
                .chain(() -> changes.reset(metadata))
                .map(PolicyAnswers::of);
    }

    /** The collection that the policy is the only element of. */
    @GET
    @Path("authenticationMethodConfigurations")
    @Operation(summary = "List the authentication method configurations: this one")
    @Parameter(
            name = AS_OF,
            in = ParameterIn.QUERY,
            description = PAST,
            schema = @Schema(implementation = Instant.class))
    public Uni<GraphList<PolicyResponse>> list() {
        String context = request.odata().of("policies/authenticationMethodsPolicy/authenticationMethodConfigurations");
        return reading()
                .chain(this::settings)
                .map(settings -> GraphList.whole(context, List.of(PolicyResponse.of(null, settings))));
    }

    /** How many configurations there are. */
    @GET
    @Path("authenticationMethodConfigurations/$count")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(summary = "Count the authentication method configurations")
    public Uni<String> count() {
        return allowed(tap.graph.access.Operation.READ_POLICY).replaceWith("1");
    }

    /** The parent of the policy. */
    @GET
    @Operation(summary = "Read the authentication methods policy, with the Temporary Access Pass policy in it")
    @Parameter(
            name = AS_OF,
            in = ParameterIn.QUERY,
            description = PAST,
            schema = @Schema(implementation = Instant.class))
    public Uni<AuthenticationMethodsPolicyResponse> parent() {
        String context = request.odata().of("policies/authenticationMethodsPolicy");
        return reading()
                .chain(this::settings)
                .map(settings -> AuthenticationMethodsPolicyResponse.of(context, settings));
    }

    // The past is the auditors' (graph-contract §5).
    private Uni<Void> reading() {
        return allowed(
                request.asks(AS_OF) ? tap.graph.access.Operation.READ_AUDIT : tap.graph.access.Operation.READ_POLICY);
    }

    private Uni<PolicySettings> settings() {
        return request.moment(AS_OF)
                .map(moment -> details.asOf(moment.instant())
                        .invoke(past -> moment.requirePast(past.settled()))
                        .map(past -> past.state().settings()))
                .orElseGet(details::settings);
    }

    private Uni<Void> allowed(tap.graph.access.Operation operation) {
        return roles.allow(request.caller(), operation);
    }

    private static void known(String id) {
        if (!id.equalsIgnoreCase(PolicyResponse.ID)) {
            throw GraphError.notFound("There is no authentication method configuration of this id. Expected: "
                            + PolicyResponse.ID + ".")
                    .exception();
        }
    }
}
