package tap.redemption.api;

import java.util.Arrays;
import java.util.Set;

import io.smallrye.mutiny.Uni;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import tap.codes.SubmittedCode;
import tap.directory.UserKey;
import tap.redemption.application.AccessTokens;
import tap.redemption.application.OAuthClient;
import tap.redemption.application.OAuthClients;
import tap.redemption.application.Redemption;
import tap.redemption.application.RedemptionRequest;
import tap.redemption.application.Redemptions;
import tap.redemption.application.Source;
import tap.redemption.application.SourceAddresses;
import tap.redemption.domain.RequestKey;

/**
 * The token endpoint (RFC 6749 §3.2): redeems a temporary access pass for an access token.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.5">RFC 6749 §4.5, extension grants</a>
 */
@Path(TokenResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "OAuth 2.0")
public class TokenResource {
    static final String PATH = "/oauth2/token";

    private final Redemptions redemptions;
    private final OAuthClients clients;
    private final AccessTokens tokens;
    private final SourceAddresses sources;

    TokenResource(Redemptions redemptions, OAuthClients clients, AccessTokens tokens, SourceAddresses sources) {
        this.redemptions = redemptions;
        this.clients = clients;
        this.tokens = tokens;
        this.sources = sources;
    }

    /** Redeems a pass. */
    @POST
    @Operation(summary = "Redeem a temporary access pass for an access token (RFC 9068)")
    @Parameter(
            name = IdempotencyKey.HEADER,
            in = ParameterIn.HEADER,
            description = "1 to 255 visible characters. Repeated within 10 minutes with the same key, client, scope and"
                    + " code, a request gets the same redemption again: a token with the same jti, and no second use",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = 255))
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
                            schema = @Schema(implementation = TokenForm.class)))
    @APIResponse(
            responseCode = "200",
            description = "The pass was used once, now or by the request that this one repeats",
            content = @Content(schema = @Schema(implementation = TokenResponse.class)))
    @APIResponse(responseCode = "400", description = "invalid_grant: refused, whatever the reason; else what is wrong")
    @APIResponse(responseCode = "401", description = "invalid_client")
    @APIResponse(responseCode = "429", description = "temporarily_unavailable: too many attempts")
    @APIResponse(responseCode = "503", description = "temporarily_unavailable")
    public Uni<Response> redeem(@Context RoutingContext http) {
        OAuthForm form = OAuthEdge.form(http);
        OAuthClient client = ClientAuthentication.of(http, form, clients);
        TokenRequest request = TokenRequest.of(form);
        requireScopes(client, request.scope());
        RequestKey key =
                IdempotencyKey.of(http.request().headers().getAll(IdempotencyKey.HEADER), client, request.scope());
        return redemptions
                .redeem(new RedemptionRequest(
                        UserKey.of(request.username()),
                        SubmittedCode.of(request.code()),
                        client.id(),
                        key,
                        source(http),
                        OAuthEdge.correlationId(http)))
                .map(redemption -> switch (redemption) {
                    case Redemption.Redeemed redeemed -> granted(redeemed, client, request.scope());
                    case Redemption.Refused refused -> throw OAuthError.REFUSED.exception();
                    case Redemption.Throttled throttled -> throw OAuthError.THROTTLED.exception();
                });
    }

    private Source source(RoutingContext http) {
        SocketAddress peer = http.request().remoteAddress();
        return sources.of(
                peer == null ? null : peer.hostAddress(),
                http.request().headers().getAll(sources.header()));
    }

    private Response granted(Redemption.Redeemed redeemed, OAuthClient client, @Nullable String scope) {
        AccessTokens.AccessToken token = tokens.mint(redeemed, client, scope);
        return Response.ok(new TokenResponse(token.jwt(), "Bearer", token.expiresIn(), scope))
                .build();
    }

    private static void requireScopes(OAuthClient client, @Nullable String scope) {
        if (scope != null && !client.scopes().containsAll(Set.copyOf(Arrays.asList(scope.split(" "))))) {
            throw OAuthError.invalidScope().exception();
        }
    }
}
