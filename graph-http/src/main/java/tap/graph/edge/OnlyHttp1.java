package tap.graph.edge;

import java.util.List;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;

/**
 * Turns HTTP/2 down, so that whoever offers it, as Java's own client does with its first request, is served by HTTP/1.1. Quarkus REST
 * pauses each request, which one over HTTP/2 that the edge has read to its end answers with an exception.
 */
@Singleton
public class OnlyHttp1 implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setUseAlpn(false).setAlpnVersions(List.of(HttpVersion.HTTP_1_1));
    }
}
