package tap.localstack.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

import io.vertx.core.json.JsonObject;
import tap.localstack.infrastructure.LocalStackException;
import tap.localstack.supervisor.StackState;

/** The supervisor of a running stack, as another command speaks to it. */
final class RunningSupervisor {
    private final StackState state;

    RunningSupervisor(StackState state) {
        this.state = state;
    }

    /** Has everything started that does not run, and returns what was. */
    List<String> startMissing() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + state.controlPort() + "/up"))
                .timeout(Duration.ofMinutes(3))
                .header("Authorization", "Bearer " + state.controlToken())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new LocalStackException(new JsonObject(answer.body()).getString("error"));
            }
            return new JsonObject(answer.body())
                    .getJsonArray("done").stream().map(String::valueOf).toList();
        } catch (IOException e) {
            throw new LocalStackException(
                    "The stack's supervisor does not answer: " + e.getMessage() + ". Run ./tap down, then ./tap up.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalStackException("Interrupted.", e);
        }
    }
}
