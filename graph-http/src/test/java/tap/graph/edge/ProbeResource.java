package tap.graph.edge;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import tap.graph.GraphRequest;
import tap.graph.access.Access;
import tap.graph.access.Caller;
import tap.graph.access.Operation;
import tap.graph.error.GraphError;
import tap.graph.json.RequestBody;
import tap.graph.odata.GraphList;

/** A small service of every kind of answer, written as TAP's services are. */
// not ending in {user}: after a pattern, Quarkus matches a trailing plain parameter of the class path with one
// character only
@Path("/{version:v1\\.0|beta}/users")
@Produces(MediaType.APPLICATION_JSON)
public class ProbeResource {
    private final GraphRequest request;

    ProbeResource(GraphRequest request) {
        this.request = request;
    }

    record Probe(
            @JsonProperty("@odata.context") String context,
            @Nullable Integer minutes,
            String caller,
            String correlation) {}

    @POST
    @Path("/{user}/passes")
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> create(@PathParam("user") String user, RequestBody body) {
        Integer minutes = body.read("#probe", members -> members.integer("minutes"));
        Caller caller = request.caller();
        Access.decide(caller, Operation.CREATE_PASS, new Access.Target(user, false), caller.subject())
                .orRefuse();
        Probe probe = new Probe(
                request.odata().pass(user), minutes, caller.actor(), String.valueOf(MDC.get("correlationId")));
        return Uni.createFrom().item(Response.status(201).entity(probe).build());
    }

    @GET
    @Path("/{user}/passes")
    public GraphList<String> list(@PathParam("user") String user) {
        return GraphList.whole(request.odata().passes(user), List.of(user));
    }

    @GET
    @Path("/{user}/passes/$count")
    @Produces(MediaType.TEXT_PLAIN)
    public String count() {
        return "1";
    }

    @GET
    @Path("/{user}/role")
    @RolesAllowed("no such role")
    public String role() {
        return "unreachable";
    }

    @GET
    @Path("/{user}/bug")
    public Uni<String> bug() {
        return Uni.createFrom().failure(new IllegalStateException("secret detail"));
    }

    @GET
    @Path("/{user}/away")
    public Uni<String> away() {
        return Uni.createFrom().failure(new StoreAway());
    }

    @GET
    @Path("/{user}/throttled")
    public Uni<String> throttled() {
        throw GraphError.tooManyRequests(Duration.ofMillis(1_500)).exception();
    }

    @POST
    @Path("/{user}/bound")
    public Map<String, Integer> bound(Map<String, Integer> body) {
        return body;
    }

    /** An exception that a library of the service throws. */
    static final class StoreAway extends RuntimeException {}
}
