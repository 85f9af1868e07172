package tap.localstack.identity;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import tap.localstack.infrastructure.LocalStackException;

/** Provisions the development users as any identity provider would: over SCIM 2.0, through the gateway. */
public final class DevelopmentUsers {
    private static final String USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User";

    private final String gateway;
    private final String token;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /**
     * @param gateway the gateway's URL
     * @param token an application token that may write the directory
     */
    public DevelopmentUsers(String gateway, String token) {
        this.gateway = gateway;
        this.token = token;
    }

    /**
     * The id of the role's development user, who is created if there is none yet.
     *
     * @throws LocalStackException if the directory refuses
     */
    public String ensure(AdministratorRole role) {
        HttpResponse<String> created = send(request("")
                .POST(HttpRequest.BodyPublishers.ofString(new JsonObject()
                        .put("schemas", new JsonArray().add(USER_SCHEMA))
                        .put("userName", role.userName())
                        .put("active", true)
                        .put(
                                "roles",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("value", role.templateId())
                                                .put("display", role.displayName())))
                        .encode()))
                .build());
        return switch (created.statusCode()) {
            case 201 -> new JsonObject(created.body()).getString("id");
            // RFC 7644 §3.3: the name is taken, so this user was made before a state that was lost.
            case 409 -> find(role.userName());
            default -> throw refused("creating " + role.userName(), created);
        };
    }

    private String find(String userName) {
        String filter = URLEncoder.encode("userName eq \"" + userName + "\"", StandardCharsets.UTF_8);
        HttpResponse<String> found = send(request("?filter=" + filter).GET().build());
        JsonArray resources = found.statusCode() == 200
                ? new JsonObject(found.body()).getJsonArray("Resources", new JsonArray())
                : new JsonArray();
        if (resources.isEmpty()) {
            throw refused("finding " + userName, found);
        }
        return resources.getJsonObject(0).getString("id");
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(gateway + "/scim/v2/Users" + query))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/scim+json")
                .header("Accept", "application/scim+json");
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LocalStackException("The directory does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted while development users were made.", e);
        }
    }

    private static LocalStackException refused(String what, HttpResponse<String> answer) {
        return new LocalStackException("The directory refused " + what + ": " + answer.statusCode() + " "
                + answer.body() + " (see ./tap logs policy-service)");
    }
}
