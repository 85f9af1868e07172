package tap.localstack.identity;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * What a resource server needs of an OpenID provider: its metadata (OpenID Connect Discovery 1.0 §4) and its public keys. It
 * hands out nothing: development tokens come from {@code ./tap token}. Production points
 * {@code quarkus.oidc.auth-server-url} at a real provider.
 */
public final class DevelopmentAuthorizationServer {
    private final String issuer;
    private final String keys;

    /**
     * @param issuer its URL, without a trailing slash
     * @param key what tokens are signed with; only the public half is shown
     */
    public DevelopmentAuthorizationServer(String issuer, RSAKey key) {
        this.issuer = issuer;
        this.keys = new JWKSet(key.toPublicJWK()).toString();
    }

    /** Listens on the loopback interface. */
    public Future<HttpServer> listen(Vertx vertx, int port) {
        return vertx.createHttpServer().requestHandler(this::handle).listen(port, "127.0.0.1");
    }

    private void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/.well-known/openid-configuration" ->
                answer(request, metadata().encode());
            case "/jwks" -> answer(request, keys);
            case null, default -> request.response().setStatusCode(404).end();
        }
    }

    private static void answer(HttpServerRequest request, String json) {
        request.response().putHeader("Content-Type", "application/json").end(json);
    }

    private JsonObject metadata() {
        return new JsonObject()
                .put("issuer", issuer)
                .put("jwks_uri", issuer + "/jwks")
                // Required by the standard; nobody answers there, because tokens come from the command line.
                .put("authorization_endpoint", issuer + "/authorize")
                .put("token_endpoint", issuer + "/token")
                .put("response_types_supported", new JsonArray().add("token"))
                .put("subject_types_supported", new JsonArray().add("public"))
                .put("id_token_signing_alg_values_supported", new JsonArray().add("RS256"));
    }
}
