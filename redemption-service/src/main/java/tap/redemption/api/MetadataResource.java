package tap.redemption.api;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.redemption.application.OAuthClients;
import tap.redemption.application.RedemptionServiceConfig;
import tap.redemption.application.SigningKeys;

/** What others need to know of this authorization server: its metadata (RFC 8414) and its public keys (RFC 7517). */
@Path("/.well-known")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2.0")
public class MetadataResource {
    private static final String FIVE_MINUTES = "public, max-age=300";

    private final Map<String, Object> metadata;
    private final Map<String, Object> keys;

    MetadataResource(RedemptionServiceConfig config, OAuthClients clients, SigningKeys signing) {
        URI issuer = config.issuer();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("issuer", issuer.toString());
        members.put("token_endpoint", issuer + TokenResource.PATH);
        members.put("jwks_uri", issuer + "/.well-known/jwks.json");
        members.put("grant_types_supported", List.of(TokenRequest.GRANT_TYPE));
        // required by RFC 8414 §2; there is no authorization endpoint to use one at
        members.put("response_types_supported", List.of());
        members.put("token_endpoint_auth_methods_supported", ClientAuthentication.METHODS_OR_NONE);
        members.put("introspection_endpoint", issuer + IntrospectionResource.PATH);
        members.put("introspection_endpoint_auth_methods_supported", ClientAuthentication.METHODS);
        members.put("revocation_endpoint", issuer + RevocationResource.PATH);
        members.put("revocation_endpoint_auth_methods_supported", ClientAuthentication.METHODS_OR_NONE);
        members.put("scopes_supported", clients.scopes());
        this.metadata = members;
        this.keys = Map.of("keys", signing.published());
    }

    /** The metadata. */
    @GET
    @Path("oauth-authorization-server")
    @Operation(summary = "Metadata of this authorization server (RFC 8414)")
    public Response metadata() {
        return Response.ok(metadata).header("Cache-Control", FIVE_MINUTES).build();
    }

    /** The keys. */
    @GET
    @Path("jwks.json")
    @Operation(summary = "Public keys that verify access tokens (RFC 7517)")
    public Response keys() {
        return Response.ok(keys).header("Cache-Control", FIVE_MINUTES).build();
    }
}
