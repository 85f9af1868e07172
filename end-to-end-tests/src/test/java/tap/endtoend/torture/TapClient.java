package tap.endtoend.torture;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import tap.contract.ContractJson;

/**
 * Speaks to the gateway as clients do, and looks at every answer: during faults too, errors have their protocol's form, nothing is
 * answered with 500, and who cannot be served is told when to come again.
 */
final class TapClient {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    private static final Set<String> OAUTH_ERRORS = Set.of("invalid_grant", "temporarily_unavailable");
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final String gateway;
    private final String token;
    private final Journal journal;

    /** @param token an administrator's, who may do everything */
    TapClient(String gateway, String token, Journal journal) {
        this.gateway = gateway;
        this.token = token;
        this.journal = journal;
    }

    Answer createUser(String userName) {
        return command(scim(
                "POST",
                "/scim/v2/Users",
                json(Map.of(
                        "schemas",
                        List.of("urn:ietf:params:scim:schemas:core:2.0:User"),
                        "userName",
                        userName,
                        "active",
                        true))));
    }

    Answer removeUser(String user) {
        return command(scim("DELETE", "/scim/v2/Users/" + user, BodyPublishers.noBody()));
    }

    Answer configure(Map<String, ?> members) {
        return command(graph("PATCH", POLICY, json(members)));
    }

    Answer issue(String user, Map<String, ?> members) {
        return command(graph("POST", passes(user), json(members)));
    }

    Answer delete(String user, String pass) {
        return command(graph("DELETE", passes(user) + "/" + pass, BodyPublishers.noBody()));
    }

    Answer get(String user, String pass) {
        return send(graph("GET", passes(user) + "/" + pass, BodyPublishers.noBody()));
    }

    Answer pendingPasses() {
        return send(graph("GET", "/v1.0/pending", BodyPublishers.noBody()));
    }

    Answer pendingChanges() {
        return send(graph("GET", "/v1.0/policies/pending", BodyPublishers.noBody()));
    }

    Answer redeem(String user, String code) {
        String form = Map.of(
                        "grant_type",
                        "urn:tap:grant-type:temporary-access-pass",
                        "client_id",
                        "demo",
                        "username",
                        user,
                        "temporary_access_pass",
                        code)
                .entrySet()
                .stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return command(new Sent(
                Protocol.OAUTH,
                HttpRequest.newBuilder(URI.create(gateway + "/oauth2/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))));
    }

    private static String passes(String user) {
        return "/v1.0/users/" + user + "/authentication/temporaryAccessPassMethods";
    }

    private Sent graph(String method, String path, BodyPublisher body) {
        return new Sent(Protocol.GRAPH, administrator(method, path, "application/json", body));
    }

    private Sent scim(String method, String path, BodyPublisher body) {
        return new Sent(Protocol.SCIM, administrator(method, path, "application/scim+json", body));
    }

    private HttpRequest.Builder administrator(String method, String path, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create(gateway + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, body);
    }

    private Answer command(Sent sent) {
        Answer answer = send(sent);
        journal.sent(answer);
        return answer;
    }

    private Answer send(Sent sent) {
        HttpRequest request = sent.request.timeout(PATIENCE).build();
        long begun = System.nanoTime();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            Answer answer = new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Tap-Confirmation"),
                    parsed(response.body()),
                    begun,
                    System.nanoTime());
            judge(sent.protocol, request, response, answer);
            return answer;
        } catch (IOException nothingSaid) {
            return new Answer(0, Optional.empty(), MissingNode.getInstance(), begun, System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, Optional.empty(), MissingNode.getInstance(), begun, System.nanoTime());
        }
    }

    private void judge(Protocol protocol, HttpRequest request, HttpResponse<String> response, Answer answer) {
        if (answer.acknowledged()) {
            return;
        }
        String seen = request.method() + " " + request.uri().getPath() + " answered " + answer.status() + " "
                + response.body();
        if (answer.status() >= 500 && answer.status() != BAD_GATEWAY && answer.status() != UNAVAILABLE) {
            journal.violation("no fault becomes a " + answer.status(), seen);
        }
        if (answer.status() == UNAVAILABLE
                && response.headers().firstValue("Retry-After").isEmpty()) {
            journal.violation("503 says when to come again", seen);
        }
        if (answer.status() == 401 || answer.status() == 403) {
            journal.violation("who may, may", seen);
        }
        if (!protocol.isError(answer)) {
            journal.violation("errors have their protocol's form", seen);
        }
    }

    private static JsonNode parsed(String body) {
        try {
            return body.isBlank()
                    ? MissingNode.getInstance()
                    : ContractJson.mapper().readTree(body);
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        }
    }

    private static BodyPublisher json(Map<String, ?> members) {
        try {
            return BodyPublishers.ofString(ContractJson.mapper().writeValueAsString(members));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Sent(Protocol protocol, HttpRequest.Builder request) {}

    /** How a protocol words an error. */
    private enum Protocol {
        GRAPH {
            @Override
            boolean isError(Answer answer) {
                JsonNode error = answer.body().path("error");
                JsonNode inner = error.path("innerError");
                return error.path("code").isTextual()
                        && error.path("message").isTextual()
                        && inner.path("date").isTextual()
                        && inner.path("request-id").isTextual()
                        && inner.path("client-request-id").isTextual();
            }
        },
        SCIM {
            @Override
            boolean isError(Answer answer) {
                return answer.body()
                                .path("schemas")
                                .path(0)
                                .asText()
                                .equals("urn:ietf:params:scim:api:messages:2.0:Error")
                        && answer.text("status").equals(Integer.toString(answer.status()));
            }
        },
        OAUTH {
            @Override
            boolean isError(Answer answer) {
                return OAUTH_ERRORS.contains(answer.text("error"));
            }
        };

        abstract boolean isError(Answer answer);
    }
}
