package tap.localstack.demo;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tap.localstack.infrastructure.LocalStackException;

/** Speaks to the gateway as any client would. */
final class Exchange {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String gateway;

    Exchange(String gateway) {
        this.gateway = gateway;
    }

    /**
     * What came back, and how long it took.
     *
     * @param status the HTTP status
     * @param headers the response's
     * @param body the response's
     * @param began {@link System#nanoTime()} when the request was sent
     * @param nanos from the request to the last byte of the answer
     */
    record Answer(int status, HttpHeaders headers, String body, long began, long nanos) {
        @Nullable
        String confirmation() {
            return headers.firstValue("Tap-Confirmation").orElse(null);
        }

        double millis() {
            return nanos / 1e6;
        }
    }

    /** Sends a JSON request with a bearer token; a null body sends none. */
    Answer json(String method, String path, String token, @Nullable String body) {
        return send(HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", path.startsWith("/scim") ? "application/scim+json" : "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** Posts a form, as OAuth clients do. */
    Answer form(String path, Map<String, String> fields) {
        return send(HttpRequest.newBuilder(URI.create(gateway + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(fields)))
                .build());
    }

    static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Answer send(HttpRequest request) {
        long began = System.nanoTime();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), answer.headers(), answer.body(), began, System.nanoTime() - began);
        } catch (IOException e) {
            throw new LocalStackException("The gateway broke off: " + e + ". See ./tap status and ./tap logs.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted.", e);
        }
    }
}
