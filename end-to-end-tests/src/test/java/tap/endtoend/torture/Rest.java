package tap.endtoend.torture;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import tap.contract.ContractJson;
import tap.endtoend.Stack;
import tap.endtoend.torture.invariants.Service;
import tap.localstack.supervisor.StackStatus;

/** Waits until nothing is left to do: all pods ready, every pipeline up, everything published, applied and confirmed. */
final class Rest {
    // What is not visible under the cursor's snapshot is not published.
    private static final String UNPUBLISHED = """
            SELECT count(*) FROM relay_cursor c JOIN event e ON e.xid >= pg_snapshot_xmin(c.previous)
             WHERE NOT pg_visible_in_snapshot(e.xid, c.previous)""";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Stack stack;
    private final TapClient tap;

    Rest(Stack stack, TapClient tap) {
        this.stack = stack;
        this.tap = tap;
    }

    /** Returns when there is rest; otherwise what there still is to do when patience is at its end. */
    List<String> await(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> unrest = unrest();
        while (!unrest.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(500);
            unrest = unrest();
        }
        return unrest;
    }

    private List<String> unrest() {
        List<String> unrest = new ArrayList<>();
        stack.processes().services().forEach((service, pods) -> {
            for (StackStatus.Pod pod : pods) {
                ready(service, pod, unrest);
                pipeline(service, pod, unrest);
            }
        });
        for (Service service : Service.values()) {
            published(service, unrest);
        }
        pending("passes", tap.pendingPasses(), unrest);
        pending("changes", tap.pendingChanges(), unrest);
        return unrest;
    }

    private void ready(String service, StackStatus.Pod pod, List<String> unrest) {
        JsonNode health = health(pod, "/q/health/ready");
        if (!isUp(health)) {
            unrest.add(service + " at " + pod.url() + " is not ready: " + health);
        }
    }

    private void pipeline(String service, StackStatus.Pod pod, List<String> unrest) {
        JsonNode health = health(pod, "/q/health/group/pipeline");
        if (!isUp(health)) {
            unrest.add("the pipeline of " + service + " at " + pod.url() + " is not up: " + health);
        }
        health.path("checks").path(0).path("data").properties().forEach(detail -> {
            if (detail.getKey().endsWith(".lag.messages") && detail.getValue().asLong() != 0) {
                unrest.add(service + " at " + pod.url() + " says " + detail);
            }
        });
    }

    private void published(Service service, List<String> unrest) {
        try (Connection connection = stack.postgres().connect(service.database());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(UNPUBLISHED)) {
            rows.next();
            if (rows.getLong(1) > 0) {
                unrest.add(service + " has not published " + rows.getLong(1) + " events");
            }
        } catch (SQLException e) {
            unrest.add("the database of " + service + " does not answer: " + e.getMessage());
        }
    }

    private static void pending(String what, Answer answer, List<String> unrest) {
        if (answer.status() != 200) {
            unrest.add("pending " + what + " are not listed: " + answer.status() + " " + answer.body());
        } else if (!answer.body().path("value").isEmpty()) {
            unrest.add("pending " + what + ": " + answer.body().path("value"));
        }
    }

    private static boolean isUp(JsonNode health) {
        return health.path("status").asText().equals("UP");
    }

    private JsonNode health(StackStatus.Pod pod, String path) {
        HttpRequest question = HttpRequest.newBuilder(URI.create(pod.url() + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return ContractJson.mapper()
                    .readTree(http.send(question, HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException e) {
            return ContractJson.mapper().createObjectNode().put("failure", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
