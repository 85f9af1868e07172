package tap.localstack.gateway;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests to the pods of the services, in turn. A pod that refuses the connection is passed over, because nothing
 * has been sent to it; where no pod is left, and where one breaks off, the answer has the form of the path's protocol.
 */
public final class Gateway {
    /** The largest request body that is passed on, in bytes. */
    public static final long LARGEST_BODY = 1024 * 1024;

    private static final int RETRY_AFTER_SECONDS = 1;

    private final Vertx vertx;
    private final RouteTable routes;
    private final Rotation pods;
    private final HttpProxy proxy;

    /**
     * @param vertx runs the gateway; closed by its owner
     * @param routes which service answers which path
     * @param pods the addresses of a service's pods as they are now, asked for each request
     */
    public Gateway(Vertx vertx, RouteTable routes, Function<String, List<SocketAddress>> pods) {
        this.vertx = vertx;
        this.routes = routes;
        this.pods = new Rotation(pods);
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(1_000)
                        .setKeepAliveTimeout((int) Duration.ofMinutes(1).toSeconds())
                        .setMaxHeaderSize(64 * 1024),
                new PoolOptions().setHttp1MaxSize(256));
        this.proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(this::connect)
                .addInterceptor(new Forwarding());
    }

    /**
     * Listens on an address of this machine.
     *
     * @return the server, or a {@link java.net.BindException} when the port is taken
     */
    public Future<HttpServer> listen(String host, int port) {
        return vertx.createHttpServer(new HttpServerOptions()
                        // the services speak HTTP/1.1 only
                        .setHttp2ClearTextEnabled(false)
                        .setMaxInitialLineLength(16 * 1024)
                        .setMaxHeaderSize(32 * 1024)
                        .setIdleTimeout((int) Duration.ofMinutes(5).toSeconds()))
                .invalidRequestHandler(this::refuseMalformed)
                .requestHandler(this::handle)
                .listen(port, host);
    }

    private void handle(HttpServerRequest request) {
        if (declaredLength(request) > LARGEST_BODY) {
            answer(request, GatewayError.TOO_LARGE);
        } else {
            proxy.handle(request);
        }
    }

    private Future<HttpClientRequest> connect(ProxyContext context) {
        Route route = routes.of(path(context.request().proxiedRequest()));
        return connectToAny(pods.next(route.service()), context.client());
    }

    private static Future<HttpClientRequest> connectToAny(List<SocketAddress> candidates, HttpClient client) {
        if (candidates.isEmpty()) {
            return Future.failedFuture(new NoPodReachable());
        }
        return client.request(new RequestOptions().setServer(candidates.getFirst()))
                .recover(refused -> connectToAny(candidates.subList(1, candidates.size()), client));
    }

    private void refuseMalformed(HttpServerRequest request) {
        answer(request, GatewayError.MALFORMED);
        request.connection().close();
    }

    private void answer(HttpServerRequest request, GatewayError error) {
        ErrorForm form = routes.of(path(request)).errors();
        UUID requestId = UUID.randomUUID();
        HttpServerResponse response = request.response()
                .setStatusCode(error.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, form.contentType())
                .putHeader("request-id", requestId.toString());
        // What the client goes on sending is not read: the connection cannot be used again.
        response.putHeader(HttpHeaders.CONNECTION, "close")
                .end(form.body(error, requestId, request.getHeader("client-request-id"))
                        .toBuffer());
    }

    private static String path(HttpServerRequest request) {
        @Nullable String path = request.path();
        return path == null ? "/" : path;
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
    }

    /** Nothing was sent to anybody. */
    private static final class NoPodReachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoPodReachable() {
            super("no pod accepts connections", null, false, false);
        }
    }

    /** Tells the service who asked, limits the body, and turns faults into the protocol's answers. */
    private final class Forwarding implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            ProxyRequest request = context.request();
            HttpServerRequest from = request.proxiedRequest();
            // Set, not added: what a client claims about proxies before this one is not known to be true.
            request.putHeader("X-Forwarded-For", from.remoteAddress().hostAddress());
            request.putHeader("X-Forwarded-Proto", from.isSSL() ? "https" : "http");
            String host = from.getHeader(HttpHeaders.HOST);
            request.putHeader("X-Forwarded-Host", host == null ? "localhost" : host);
            request.headers().remove("X-Forwarded-Port").remove("Forwarded");
            Body body = request.getBody();
            LimitedBody limited = new LimitedBody(body.stream(), LARGEST_BODY);
            request.setBody(Body.body(limited, body.length()));
            return context.sendRequest().recover(fault -> Future.succeededFuture(answer(context, limited, fault)));
        }

        private ProxyResponse answer(ProxyContext context, LimitedBody body, Throwable fault) {
            HttpServerRequest from = context.request().proxiedRequest();
            GatewayError error = body.exceeded()
                    ? GatewayError.TOO_LARGE
                    : fault instanceof NoPodReachable ? GatewayError.UNAVAILABLE : GatewayError.BROKEN_OFF;
            ErrorForm form = routes.of(path(from)).errors();
            UUID requestId = UUID.randomUUID();
            Buffer content = form.body(error, requestId, from.getHeader("client-request-id"))
                    .toBuffer();
            ProxyResponse response = context.request()
                    .release()
                    .response()
                    .setStatusCode(error.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, form.contentType())
                    .putHeader("request-id", requestId.toString())
                    .setBody(Body.body(content));
            if (error == GatewayError.UNAVAILABLE) {
                response.putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS));
            }
            return response;
        }
    }
}
