package tap.testkit.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tap.localstack.infrastructure.SecretFile;

/**
 * An OpenID provider as far as a resource server needs one: metadata (OpenID Connect Discovery 1.0 §4) and keys. Tokens are
 * made by {@link TestTokens} with the same key, which lies in the build's folder, so that tests and services in other class
 * loaders agree on it.
 */
public final class TestAuthorizationServer implements AutoCloseable {
    private final HttpServer server;

    private TestAuthorizationServer(HttpServer server) {
        this.server = server;
    }

    /** Starts it on a free port of the loopback interface. */
    public static TestAuthorizationServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestAuthorizationServer started = new TestAuthorizationServer(server);
            String keys = new JWKSet(key().toPublicJWK()).toString();
            server.createContext("/.well-known/openid-configuration", call -> answer(call, started.metadata()));
            server.createContext("/jwks", call -> answer(call, keys));
            server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The issuer of its tokens, {@code quarkus.oidc.auth-server-url}. */
    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The build's signing key. */
    static ECKey key() {
        Path file = SharedServers.ofThisBuild().folder().resolve("authorization-server.jwk");
        try {
            if (!Files.exists(file)) {
                SecretFile.write(file, newKey().toJSONString());
            }
            return ECKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParseException e) {
            throw new IllegalStateException(file + " holds no key", e);
        }
    }

    static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private String metadata() {
        return """
                {"issuer":"%1$s","jwks_uri":"%1$s/jwks","authorization_endpoint":"%1$s/authorize",\
                "token_endpoint":"%1$s/token","response_types_supported":["token"],\
                "subject_types_supported":["public"],"id_token_signing_alg_values_supported":["ES256"]}""".formatted(issuer());
    }

    private static void answer(HttpExchange call, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        call.getResponseHeaders().set("Content-Type", "application/json");
        call.sendResponseHeaders(200, body.length);
        call.getResponseBody().write(body);
        call.close();
    }
}
