package tap.redemption.api;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import tap.redemption.application.IssuedTokens;
import tap.redemption.application.OAuthClient;
import tap.redemption.application.OAuthClients;

/**
 * The introspection endpoint (RFC 7662): tells a confidential client whether a token that is for it, or was issued to it, can be used
 * now.
 */
@Path(IntrospectionResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2.0")
public class IntrospectionResource {
    static final String PATH = "/oauth2/introspect";

    private final IssuedTokens tokens;
    private final OAuthClients clients;

    IntrospectionResource(IssuedTokens tokens, OAuthClients clients) {
        this.tokens = tokens;
        this.clients = clients;
    }

    /** Introspects a token. */
    @POST
    @Operation(summary = "Ask whether an access token can be used now (RFC 7662)")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(implementation = TokenQueryForm.class)))
    @APIResponse(
            responseCode = "200",
            description = "The token's claims, or active false and nothing else",
            content = @Content(schema = @Schema(implementation = IntrospectionResponse.class)))
    @APIResponse(responseCode = "400", description = "What is wrong with the request")
    @APIResponse(responseCode = "401", description = "invalid_client: no confidential client")
    @APIResponse(responseCode = "503", description = "temporarily_unavailable")
    public Uni<Response> introspect(@Context RoutingContext http) {
        OAuthForm form = OAuthEdge.form(http);
        OAuthClient client = ClientAuthentication.confidential(http, form, clients);
        return tokens.active(form.required("token"), client)
                .map(active -> Response.ok(
                                active.map(IntrospectionResponse::active).orElse(IntrospectionResponse.INACTIVE))
                        .build());
    }
}
