package tap.localstack.gateway;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tap.localstack.infrastructure.LoopbackPorts;

import static org.assertj.core.api.Assertions.assertThat;

class GatewayIT {
    private final Vertx vertx = Vertx.vertx();
    private final List<SocketAddress> pods = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        Gateway gateway = new Gateway(vertx, RouteTable.load(), service -> List.copyOf(pods));
        port = gateway.listen("127.0.0.1", 0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void takes_pods_in_turn() throws Exception {
        pod(request -> request.response().end("one"));
        pod(request -> request.response().end("two"));

        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            answers.add(get("/v1.0/users/u").body());
        }

        assertThat(answers).containsExactly("one", "two", "one", "two");
    }

    @Test
    void passes_over_a_pod_that_refuses_connections() throws Exception {
        pods.add(SocketAddress.inetSocketAddress(LoopbackPorts.pick(), "127.0.0.1"));
        pod(request -> request.body().onSuccess(body -> request.response().end(body)));

        for (int i = 0; i < 4; i++) {
            HttpResponse<String> answer = post("/oauth2/token", HttpRequest.BodyPublishers.ofString("body " + i));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("body " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1.0/policies/authenticationMethodsPolicy, application/json, /error/code, serviceUnavailable",
        "/v1.0/users/u/authentication/temporaryAccessPassMethods, application/json, /error/code, serviceUnavailable",
        "/scim/v2/Users, application/scim+json, /status, 503",
        "/oauth2/token, application/json, /error, temporarily_unavailable",
    })
    void says_in_the_form_of_the_protocol_that_no_pod_is_reachable(
            String path, String contentType, String member, String value) throws Exception {
        pods.add(SocketAddress.inetSocketAddress(LoopbackPorts.pick(), "127.0.0.1"));

        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains(contentType);
        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
        assertThat(at(answer, member)).isEqualTo(value);
    }

    @Test
    void echoes_the_clients_request_id_in_graphs_error() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/v1.0/users/u"))
                        .header("client-request-id", "mine")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(at(answer, "/error/innerError/client-request-id")).isEqualTo("mine");
        assertThat(answer.headers().firstValue("request-id")).contains(at(answer, "/error/innerError/request-id"));
    }

    @Test
    void does_not_repeat_what_a_pod_may_have_done_before_it_broke_off() throws Exception {
        Set<String> seen = new HashSet<>();
        pod(request -> {
            seen.add("one");
            request.connection().close();
        });
        pod(request -> {
            seen.add("two");
            request.connection().close();
        });

        HttpResponse<String> answer = post("/scim/v2/Users", HttpRequest.BodyPublishers.ofString("{}"));

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(at(answer, "/status")).isEqualTo("502");
        assertThat(seen).containsExactly("one");
    }

    @Test
    void refuses_a_body_beyond_the_limit_whether_or_not_its_length_is_declared() throws Exception {
        pod(request -> request.body().onSuccess(body -> request.response().end("read " + body.length())));
        byte[] largest = new byte[(int) Gateway.LARGEST_BODY];
        byte[] larger = new byte[(int) Gateway.LARGEST_BODY + 1];

        assertThat(post("/v1.0/users", HttpRequest.BodyPublishers.ofByteArray(largest))
                        .body())
                .isEqualTo("read " + largest.length);
        HttpResponse<String> declared = post("/v1.0/users", HttpRequest.BodyPublishers.ofByteArray(larger));
        HttpResponse<String> chunked =
                post("/v1.0/users", HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(larger)));

        assertThat(List.of(declared, chunked)).allSatisfy(answer -> {
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(at(answer, "/error/code")).isEqualTo("requestEntityTooLarge");
        });
    }

    @Test
    void tells_the_service_who_asked_and_by_which_name() throws Exception {
        pod(request -> request.response()
                .end(request.getHeader("X-Forwarded-For") + " " + request.getHeader("X-Forwarded-Proto") + " "
                        + request.getHeader("X-Forwarded-Host") + " " + request.uri()));

        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/v1.0/users/a%2Fb?x=%20"))
                        .header("X-Forwarded-For", "6.6.6.6")
                        .header("X-Forwarded-Host", "elsewhere.example")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.body()).isEqualTo("127.0.0.1 http 127.0.0.1:" + port + " /v1.0/users/a%2Fb?x=%20");
    }

    private void pod(Handler<HttpServerRequest> handler) throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        pods.add(SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1"));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, HttpRequest.BodyPublisher body) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).POST(body).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static String at(HttpResponse<String> answer, String pointer) {
        try {
            return new ObjectMapper().readTree(answer.body()).at(pointer).asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + answer.body(), e);
        }
    }
}
