package tap.localstack.supervisor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.Callable;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Where another {@code ./tap up} asks the running supervisor to start what is missing. Loopback only, with a secret. */
final class ControlEndpoint {
    private final byte[] expected;
    private final Callable<List<String>> startMissing;
    private final Vertx vertx;

    ControlEndpoint(Vertx vertx, String token, Callable<List<String>> startMissing) {
        this.vertx = vertx;
        this.expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        this.startMissing = startMissing;
    }

    Future<HttpServer> listen() {
        return vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1");
    }

    private void handle(HttpServerRequest request) {
        String authorization = String.valueOf(request.getHeader("Authorization"));
        if (!MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.UTF_8))) {
            request.response().setStatusCode(401).end();
            return;
        }
        vertx.executeBlocking(startMissing, true)
                .onSuccess(lines -> request.response()
                        .end(new JsonObject().put("done", new JsonArray(lines)).encode()))
                .onFailure(fault -> request.response()
                        .setStatusCode(500)
                        .end(new JsonObject()
                                .put("error", String.valueOf(fault.getMessage()))
                                .encode()));
    }
}
