package tap.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Provisions a directory on a running stack, as provisioning clients do: users in bulks of a hundred, a group whose members come in PATCHes of
 * hundreds, a policy that includes the group, and a pass for one of its members; then everybody leaves and the group is deleted.
 */
@Command(
        name = "directory-load",
        mixinStandardHelpOptions = true,
        description = "Provisions users and a group on a running stack, and reports how long it took.")
public final class DirectoryLoad implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int BULK = 100;
    private static final String SCIM = "application/scim+json";
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

    @Option(names = "--users", defaultValue = "100000", description = "how many (default: ${DEFAULT-VALUE})")
    private int users;

    @Option(names = "--members", defaultValue = "50000", description = "of the group (default: ${DEFAULT-VALUE})")
    private int members;

    @Option(names = "--batch", defaultValue = "500", description = "members a PATCH (default: ${DEFAULT-VALUE})")
    private int batch;

    @Option(names = "--clients", defaultValue = "4", description = "bulks at once (default: ${DEFAULT-VALUE})")
    private int clients;

    @Option(names = "--status", required = true, description = "a file with the output of ./tap status --json")
    private Path status = Path.of("status.json");

    @Option(names = "--token", required = true, description = "what ./tap token printed")
    private String token = "";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private String gateway = "";

    private DirectoryLoad() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new DirectoryLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        gateway = JSON.readTree(status.toFile()).path("gateway").asText();
        List<String> ids = Collections.synchronizedList(new ArrayList<>());
        timed(users + " users in bulks of " + BULK, users, () -> provision(ids));
        String group = send("POST", "/scim/v2/Groups", """
                {"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"load"}""", SCIM).path("id").asText();
        timed(members + " members in PATCHes of " + batch, members, () -> {
            for (int from = 0; from < members; from += batch) {
                patch(group, "add", ids.subList(from, Math.min(members, from + batch)));
            }
        });
        timed("the same members once more", members, () -> {
            for (int from = 0; from < members; from += batch) {
                patch(group, "add", ids.subList(from, Math.min(members, from + batch)));
            }
        });
        send(
                "PATCH",
                POLICY,
                "{\"state\":\"enabled\",\"defaultLength\":24,\"includeTargets\":[{\"targetType\":\"group\",\"id\":\""
                        + group + "\"}]}",
                "application/json");
        timed("a pass for each of 1,000 members", 1_000, () -> {
            for (String id : ids.subList(0, 1_000)) {
                send(
                        "POST",
                        "/v1.0/users/" + id + "/authentication/temporaryAccessPassMethods",
                        "{}",
                        "application/json");
            }
        });
        timed("one member more, of " + members, 1, () -> patch(group, "add", ids.subList(members, members + 1)));
        timed("the group is deleted", members, () -> send("DELETE", "/scim/v2/Groups/" + group, "", SCIM));
        send(
                "PATCH",
                POLICY,
                "{\"includeTargets\":[{\"targetType\":\"group\",\"id\":\"all_users\"}]}",
                "application/json");
        return 0;
    }

    private void provision(List<String> ids) throws Exception {
        String run = UUID.randomUUID().toString();
        List<Callable<Void>> bulks = IntStream.range(0, users / BULK)
                .<Callable<Void>>mapToObj(bulk -> () -> {
                    String operations = IntStream.range(0, BULK)
                            .mapToObj(i -> """
                                    {"method":"POST","path":"/Users","bulkId":"u%d","data":{\
                                    "schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%d-%d-%s@example.com"}}""".formatted(i, bulk, i, run))
                            .collect(Collectors.joining(","));
                    JsonNode done = send(
                            "POST",
                            "/scim/v2/Bulk",
                            "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\"Operations\":["
                                    + operations + "]}",
                            SCIM);
                    for (JsonNode operation : done.path("Operations")) {
                        String location = operation.path("location").asText();
                        ids.add(location.substring(location.lastIndexOf('/') + 1));
                    }
                    return null;
                })
                .toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
            for (Future<Void> done : pool.invokeAll(bulks)) {
                done.get();
            }
        }
        if (ids.size() != users) {
            throw new IllegalStateException(ids.size() + " of " + users + " users were provisioned");
        }
    }

    private void patch(String group, String op, List<String> ids) throws IOException {
        String values = ids.stream().map(id -> "{\"value\":\"" + id + "\"}").collect(Collectors.joining(",", "[", "]"));
        send(
                "PATCH",
                "/scim/v2/Groups/" + group + "?excludedAttributes=members",
                "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"],\"Operations\":[{\"op\":\"" + op
                        + "\",\"path\":\"members\",\"value\":" + values + "}]}",
                SCIM);
    }

    private static void timed(String what, int count, Work work) throws Exception {
        long begin = System.nanoTime();
        work.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf(
                "%-40s %8.1f s %10.1f a second%n",
                what, took.toMillis() / 1e3, count * 1e3 / Math.max(1, took.toMillis()));
    }

    private JsonNode send(String method, String path, String body, String type) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .timeout(Duration.ofMinutes(2))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException(
                        method + " " + path + " was answered " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body().isEmpty() ? JSON.nullNode() : JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private interface Work {
        void run() throws Exception;
    }
}
