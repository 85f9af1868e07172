package tap.policy.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.response.ScimResponse;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.eventsourcing.Appended;
import tap.graph.Confirmed;
import tap.graph.GraphRequest;
import tap.graph.access.Caller;
import tap.graph.error.GraphError;
import tap.policy.application.CallerRoles;
import tap.policy.application.Directory;

/** SCIM 2.0 (RFC 7643, RFC 7644): hands requests to the SCIM SDK, and its answers back. */
@Path("/scim/v2/{path:.*}")
@Consumes({ScimProtocol.MEDIA_TYPE, MediaType.APPLICATION_JSON})
@RunOnVirtualThread
@Tag(name = "Directory")
public class ScimResource {
    private static final byte[] NO_BODY = {};

    private final GraphRequest request;
    private final ScimEndpoint scim;
    private final Directory directory;
    private final CallerRoles roles;
    private final UriInfo uri;
    private final HttpHeaders headers;

    ScimResource(
            GraphRequest request,
            ScimEndpoint scim,
            Directory directory,
            CallerRoles roles,
            UriInfo uri,
            HttpHeaders headers) {
        this.roles = roles;
        this.request = request;
        this.scim = scim;
        this.directory = directory;
        this.uri = uri;
        this.headers = headers;
    }

    /** Reads one resource, or some. */
    @GET
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Get a user or group, find some (userName eq \"…\"), or read what this provider supports")
    public Response get() throws Throwable {
        return answer(HttpMethod.GET, NO_BODY);
    }

    /** Creates a resource. */
    @POST
    @Operation(summary = "Create a user or group, or many at once (/Bulk)")
    public Response create(byte[] body) throws Throwable {
        return answer(HttpMethod.POST, body);
    }

    /** Replaces a resource. */
    @PUT
    @Operation(summary = "Replace a user or group")
    public Response replace(byte[] body) throws Throwable {
        return answer(HttpMethod.PUT, body);
    }

    /** Changes a resource. */
    @PATCH
    @Operation(summary = "Change a user or group")
    public Response change(byte[] body) throws Throwable {
        return answer(HttpMethod.PATCH, body);
    }

    /** Removes a resource. */
    @DELETE
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Remove a user or group")
    public Response remove() throws Throwable {
        return answer(HttpMethod.DELETE, NO_BODY);
    }

    private Response answer(HttpMethod method, byte[] body) throws Throwable {
        Caller caller = request.caller();
        VertxContextSupport.subscribeAndAwait(() -> roles.allow(caller, tap.graph.access.Operation.WRITE_DIRECTORY));
        ScimCall call = new ScimCall(Requests.metadata(request));
        ScimResponse answer = scim.endpoint().handleRequest(url(), method, json(body), sent(), call);
        if (call.unexpected().isPresent()) {
            throw call.unexpected().get();
        }
        Response.ResponseBuilder response =
                Response.status(answer.getHttpStatus()).type(ScimProtocol.MEDIA_TYPE);
        answer.getHttpHeaders().forEach((name, value) -> {
            if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)) {
                response.header(name, value);
            }
        });
        Optional<List<Appended>> changes = call.changes();
        if (changes.isPresent()) {
            boolean effective = call.await(directory.effective(changes.get()));
            response.header(Confirmed.HEADER, Confirmed.word(effective));
        }
        return (answer.getHttpStatus() == Response.Status.NO_CONTENT.getStatusCode()
                        ? response
                        : response.entity(answer.toString()))
                .build();
    }

    // JSON is UTF-8, whatever the header says (RFC 8259 §8.1); what is none would otherwise become other people's
    // names.
    private static String json(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw GraphError.badRequest("The request body is not UTF-8.").exception();
        }
    }

    // The origin that the caller used, because the SDK makes the locations of resources of it.
    private String url() {
        String query = uri.getRequestUri().getRawQuery();
        return request.odata().base() + uri.getRequestUri().getRawPath() + (query == null ? "" : "?" + query);
    }

    private Map<String, String> sent() {
        Map<String, String> sent = new HashMap<>();
        headers.getRequestHeaders().forEach((name, values) -> {
            if (!values.isEmpty() && !name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION)) {
                sent.put(name, values.getFirst());
            }
        });
        return sent;
    }
}
