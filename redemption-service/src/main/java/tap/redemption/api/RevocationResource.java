package tap.redemption.api;

import java.util.Optional;

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
import tap.redemption.application.TokenClaims;

/** The revocation endpoint (RFC 7009): a client has done with a token that was issued to it. */
@Path(RevocationResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2.0")
public class RevocationResource {
    static final String PATH = "/oauth2/revoke";

    private final IssuedTokens tokens;
    private final OAuthClients clients;

    RevocationResource(IssuedTokens tokens, OAuthClients clients) {
        this.tokens = tokens;
        this.clients = clients;
    }

    /** Revokes a token. */
    @POST
    @Operation(summary = "Revoke an access token that was issued to the client (RFC 7009)")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(implementation = TokenQueryForm.class)))
    @APIResponse(responseCode = "200", description = "The token is not active, whether or not it was before")
    @APIResponse(responseCode = "400", description = "invalid_grant: issued to another client; else what is wrong")
    @APIResponse(responseCode = "401", description = "invalid_client")
    @APIResponse(responseCode = "503", description = "temporarily_unavailable")
    public Uni<Response> revoke(@Context RoutingContext http) {
        OAuthForm form = OAuthEdge.form(http);
        OAuthClient client = ClientAuthentication.of(http, form, clients);
        Optional<TokenClaims> token = tokens.read(form.required("token"));
        if (token.isPresent() && !token.get().clientId().equals(client.id())) {
            throw OAuthError.NOT_ITS_TOKEN.exception();
        }
        return token.map(claims -> tokens.revoke(claims, OAuthEdge.correlationId(http)))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .map(done -> Response.ok().build());
    }
}
