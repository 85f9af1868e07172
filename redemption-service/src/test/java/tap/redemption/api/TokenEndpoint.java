package tap.redemption.api;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import tap.contract.ContractJson;

/** The token endpoint as a client sees it. */
final class TokenEndpoint {
    static final String GRANT = "urn:tap:grant-type:temporary-access-pass";

    // As often as a client that is told to come again in a second or so does it before it gives up.
    private static final int MOST_TRIES = 10;

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Supplier<String> forwardedFor;

    /** As many clients, each with an address of its own. */
    TokenEndpoint() {
        this(() -> "10." + (ADDRESSES.incrementAndGet() >> 16 & 255) + "." + (ADDRESSES.get() >> 8 & 255) + "."
                + (ADDRESSES.get() & 255));
    }

    private TokenEndpoint(Supplier<String> forwardedFor) {
        this.forwardedFor = forwardedFor;
    }

    /** As a client behind a trusted proxy that has this to say about where it comes from. */
    static TokenEndpoint from(String forwardedFor) {
        return new TokenEndpoint(() -> forwardedFor);
    }

    static URI at(String path) {
        return URI.create("http://localhost:" + RestAssured.port + path);
    }

    /** An answer. */
    record Answer(int status, String body, Map<String, List<String>> headers) {
        JsonNode json() {
            try {
                return ContractJson.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }

        String error() {
            return json().path("error").asText();
        }

        String header(String name) {
            return String.join(",", headers.getOrDefault(name.toLowerCase(java.util.Locale.ROOT), List.of()));
        }
    }

    static Map<String, String> form(String username, String code) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("username", username);
        form.put("temporary_access_pass", code);
        form.put("client_id", "demo");
        return form;
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    Answer redeem(String username, String code) {
        return post(encoded(form(username, code)));
    }

    Answer post(String body) {
        return post(body, "application/x-www-form-urlencoded");
    }

    Answer post(String body, String contentType) {
        return send(HttpRequest.newBuilder(at("/oauth2/token"))
                .header("Content-Type", contentType)
                .header("X-Forwarded-For", forwardedFor.get())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** A form of a client that says its id at most. */
    Answer postTo(String path, String body) {
        return send(formTo(path, body));
    }

    /** The same so many times at the same moment. */
    List<Answer> postAtOnce(int times, String path, String body) {
        return sendAtOnce(times, () -> formTo(path, body));
    }

    private static HttpRequest formTo(String path, String body) {
        return HttpRequest.newBuilder(at(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** A form of a client that authenticates in the header, as RFC 6749 §2.3.1 says. */
    Answer postAs(String clientId, String secret, String path, String body) {
        String pair = URLEncoder.encode(clientId, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return send(HttpRequest.newBuilder(at(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** A redemption that can be repeated. */
    Answer redeemWithKey(Map<String, String> form, String key) {
        return send(withKey(form, key));
    }

    private HttpRequest withKey(Map<String, String> form, String... keys) {
        HttpRequest.Builder request = HttpRequest.newBuilder(at("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Forwarded-For", forwardedFor.get())
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)));
        for (String key : keys) {
            request.header("Idempotency-Key", key);
        }
        return request.build();
    }

    Answer redeemWithKeys(Map<String, String> form, String one, String other) {
        return send(withKey(form, one, other));
    }

    Answer send(HttpRequest request) {
        return sendAsync(request).join();
    }

    private CompletableFuture<Answer> sendAsync(HttpRequest request) {
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.body(),
                        response.headers().map()));
    }

    /** A redemption whose answer is not awaited. */
    CompletableFuture<Answer> redeemAsync(String username, String code) {
        return sendAsync(withKey(form(username, code)));
    }

    /** So many redemptions at the same moment. */
    List<Answer> redeemAtOnce(int times, String username, String code) {
        return sendAtOnce(times, () -> withKey(form(username, code)));
    }

    /** The same with one key. */
    List<Answer> redeemAtOnceWithKey(int times, String username, String code, String key) {
        return sendAtOnce(times, () -> withKey(form(username, code), key));
    }

    /** So many redemptions at the same moment, by clients that do as a 503 asks: they send the same request again, with its own key. */
    List<Answer> redeemAtOnceAndAgain(int times, String username, String code) {
        AtomicInteger number = new AtomicInteger();
        return sendAtOnce(times, () -> withKey(form(username, code), "client-" + number.incrementAndGet()), MOST_TRIES);
    }

    private CompletableFuture<Answer> sendAsync(HttpRequest request, int tries) {
        return sendAsync(request).thenCompose(answer -> {
            if (answer.status() != 503 || tries == 1) {
                return CompletableFuture.completedFuture(answer);
            }
            long seconds = Long.parseLong(answer.header("Retry-After"));
            return CompletableFuture.supplyAsync(
                            () -> request, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS))
                    .thenCompose(again -> sendAsync(again, tries - 1));
        });
    }

    private List<Answer> sendAtOnce(int times, Supplier<HttpRequest> request) {
        return sendAtOnce(times, request, 1);
    }

    private List<Answer> sendAtOnce(int times, Supplier<HttpRequest> request, int tries) {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            answers.add(sendAsync(request.get(), tries));
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }
}
