package tap.endtoend.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tap.contract.ContractJson;

/** What a broken product would answer: it agrees to everything, unless told otherwise of a kind of request. */
final class LyingGateway implements AutoCloseable {
    private static final byte[] SECRET = new byte[32];

    private final HttpServer server;
    private final Map<Asked, Said> said;

    /** A kind of request. */
    enum Asked {
        CREATE_USER,
        REMOVE_USER,
        CONFIGURE,
        ISSUE,
        DELETE,
        GET,
        REDEEM
    }

    /**
     * An answer.
     *
     * @param body exact text
     */
    record Said(int status, String body) {}

    /** @param said in the place of agreement */
    LyingGateway(Map<Asked, Said> said) {
        this.said = Map.copyOf(said);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A token for a user, with this id. */
    static String token(String user, String id) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder().subject(user).jwtID(id).build());
            token.sign(new MACSigner(SECRET));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Asked asked =
                asked(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
        Said answer = said.getOrDefault(asked, agreed(asked, body));
        byte[] bytes = answer.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Tap-Confirmation", "confirmed");
        exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static Asked asked(String method, String path) {
        return switch (method) {
            case "PATCH" -> Asked.CONFIGURE;
            case "DELETE" -> path.startsWith("/scim") ? Asked.REMOVE_USER : Asked.DELETE;
            case "GET" -> Asked.GET;
            default ->
                path.startsWith("/scim") ? Asked.CREATE_USER : path.startsWith("/oauth2") ? Asked.REDEEM : Asked.ISSUE;
        };
    }

    private static Said agreed(Asked asked, String body) throws IOException {
        return switch (asked) {
            case CREATE_USER -> said(201, Map.of("id", UUID.randomUUID()));
            case ISSUE ->
                said(201, Map.of("id", UUID.randomUUID(), "temporaryAccessPass", "ABCDEFGH", "isUsable", true));
            case REDEEM ->
                said(
                        200,
                        Map.of(
                                "access_token",
                                token(user(body), UUID.randomUUID().toString())));
            case CONFIGURE, REMOVE_USER, DELETE, GET -> new Said(204, "");
        };
    }

    private static Said said(int status, Map<String, ?> members) throws IOException {
        return new Said(status, ContractJson.mapper().writeValueAsString(members));
    }

    private static String user(String form) {
        return form.replaceFirst("^(?:.*&)?username=([^&]*).*$", "$1");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
