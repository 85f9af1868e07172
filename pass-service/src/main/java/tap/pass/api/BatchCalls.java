package tap.pass.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;
import tap.graph.edge.Edge;
import tap.graph.error.GraphError;

/**
 * Sends the requests of a batch to this pod's own port, with the caller's own token: each takes the way that any other request takes, from the
 * edge on, and there is no second one to keep in step. Where a request arrived is where this pod listens.
 */
@Singleton
class BatchCalls {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_CONNECTIONS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final List<String> OF_THE_WHOLE = List.of(
            "Authorization",
            "Host",
            "client-request-id",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Port",
            "X-Forwarded-Proto");
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "date");

    private final HttpClient client;

    BatchCalls(Vertx vertx) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setMaxWaitQueueSize(MOST_CONNECTIONS * BatchRequest.MOST_PARTS)
                        // only ever this very process, by whatever name its certificate has
                        .setTrustAll(true)
                        .setVerifyHost(false),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    }

    /**
     * What a request alone would be answered; never fails.
     *
     * @param whole the request that the batch came in
     * @param version of the API, where the part names none
     * @param failures says failures as answers
     */
    Uni<BatchResponse.Part> call(
            BatchRequest.Part part,
            HttpServerRequest whole,
            String version,
            Function<Throwable, Edge.Answer> failures) {
        return Uni.createFrom()
                .deferred(() -> Uni.createFrom()
                        .completionStage(send(part, whole, part.target(version)).toCompletionStage()))
                .onFailure(failure -> !(failure instanceof tap.graph.error.GraphException))
                .transform(failure -> GraphError.of(
                                504,
                                "gatewayTimeout",
                                "The request was not answered. Whether it had an effect is not known.")
                        .exception())
                .onFailure()
                .recoverWithItem(failure -> failed(part, failures.apply(failure)));
    }

    /** The answer that is an error before anything was sent. */
    static BatchResponse.Part failed(BatchRequest.Part part, Edge.Answer answer) {
        return new BatchResponse.Part(
                part.id(), answer.status(), answer.headers(), body("application/json", Buffer.buffer(answer.body())));
    }

    private Future<BatchResponse.Part> send(BatchRequest.Part part, HttpServerRequest whole, String target) {
        SocketAddress here = whole.localAddress();
        RequestOptions options = new RequestOptions()
                .setServer(here)
                .setHost(here.hostAddress())
                .setPort(here.port())
                .setSsl(whole.isSSL())
                .setMethod(HttpMethod.valueOf(part.method()))
                .setURI(target)
                .setTimeout(PATIENCE.toMillis())
                .setHeaders(headers(part, whole));
        return client.request(options)
                .compose(request -> part.body() == null ? request.send() : request.send(written(part.body())))
                .compose(response -> response.body().map(body -> answer(part, response, body)));
    }

    private static MultiMap headers(BatchRequest.Part part, HttpServerRequest whole) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (String name : OF_THE_WHOLE) {
            String value = whole.getHeader(name);
            if (value != null) {
                headers.set(name, value);
            }
        }
        part.headers().forEach(headers::set);
        if (part.body() != null && !headers.contains("Content-Type")) {
            headers.set("Content-Type", "application/json");
        }
        return headers;
    }

    private static Buffer written(JsonNode body) {
        return Buffer.buffer(body.toString());
    }

    private static BatchResponse.Part answer(BatchRequest.Part part, HttpClientResponse response, Buffer body) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().forEach(header -> {
            if (!OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.merge(header.getKey(), header.getValue(), (one, other) -> one + ", " + other);
            }
        });
        String type = response.getHeader("Content-Type");
        return new BatchResponse.Part(part.id(), response.statusCode(), headers, body(type == null ? "" : type, body));
    }

    private static @Nullable JsonNode body(String type, Buffer body) {
        if (body.length() == 0) {
            return null;
        }
        if (!type.startsWith("application/json")) {
            return TextNode.valueOf(body.toString());
        }
        try {
            return JSON.readTree(body.getBytes());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer of ours is JSON", impossible);
        } catch (java.io.IOException impossible) {
            throw new IllegalStateException("bytes cannot fail to be read", impossible);
        }
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
