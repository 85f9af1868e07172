package tap.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.HdrHistogram.ConcurrentHistogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Plays the product's story at a fixed rate on a running stack: issue, redeem, read, delete, and a policy change now and then.
 * Latencies count from the moment a step was due, so that a stall shows in every step that it delayed. At the end, and every
 * minute, the resident memory of each process.
 */
@Command(
        name = "story-load",
        mixinStandardHelpOptions = true,
        description = "Plays the story at a fixed rate on a running stack and reports latencies and resident memory.")
public final class StoryLoad implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

    @Option(names = "--minutes", defaultValue = "10", description = "how long (default: ${DEFAULT-VALUE})")
    private double minutes;

    @Option(names = "--rate", defaultValue = "10", description = "stories a second (default: ${DEFAULT-VALUE})")
    private double rate;

    @Option(names = "--users", defaultValue = "100", description = "users to play with (default: ${DEFAULT-VALUE})")
    private int users;

    @Option(names = "--status", required = true, description = "a file with the output of ./tap status --json")
    private Path status = Path.of("status.json");

    @Option(names = "--token", required = true, description = "what ./tap token printed")
    private String token = "";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, ConcurrentHistogram> latencies = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> faults = new ConcurrentHashMap<>();
    private String gateway = "";

    private StoryLoad() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StoryLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        JsonNode stack = JSON.readTree(status.toFile());
        gateway = stack.path("gateway").asText();
        String[] names = new String[users];
        send("PATCH", POLICY, "{\"state\":\"enabled\"}", "policy");
        for (int i = 0; i < users; i++) {
            names[i] = "load-" + UUID.randomUUID() + "@example.com";
            send(
                    "POST",
                    "/scim/v2/Users",
                    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + names[i] + "\"}",
                    "create user");
        }
        latencies.clear();
        long interval = (long) (1e9 / rate);
        long begin = System.nanoTime();
        long stories = (long) (minutes * 60 * rate);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < stories; i++) {
                long due = begin + i * interval;
                sleepUntil(due);
                String name = names[(int) (i % users)];
                boolean withPolicy = i % (long) Math.max(1, rate) == 0;
                clients.execute(() -> story(name, due, withPolicy));
                if (i > 0 && i % (long) (60 * rate) == 0) {
                    report(stack, Duration.ofNanos(System.nanoTime() - begin));
                }
            }
        }
        report(stack, Duration.ofNanos(System.nanoTime() - begin));
        return faults.isEmpty() ? 0 : 1;
    }

    private void story(String name, long due, boolean withPolicy) {
        String passes = "/v1.0/users/" + name + "/authentication/temporaryAccessPassMethods";
        try {
            JsonNode pass = timed("issue", due, () -> send("POST", passes, "{}", "issue"));
            String form = "grant_type=urn:tap:grant-type:temporary-access-pass&client_id=demo&username="
                    + URLEncoder.encode(name, StandardCharsets.UTF_8) + "&temporary_access_pass="
                    + pass.path("temporaryAccessPass").asText();
            timed("redeem", System.nanoTime(), () -> send("POST", "/oauth2/token", form, "redeem"));
            timed("list", System.nanoTime(), () -> send("GET", passes, "", "list"));
            String id = pass.path("id").asText();
            timed("delete", System.nanoTime(), () -> send("DELETE", passes + "/" + id, "", "delete"));
            if (withPolicy) {
                String body = "{\"defaultLifetimeInMinutes\":" + (60 + due % 60) + "}";
                timed("policy", System.nanoTime(), () -> send("PATCH", POLICY, body, "policy"));
            }
        } catch (IOException | IllegalStateException e) {
            fault(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode timed(String step, long due, Step work) throws IOException, InterruptedException {
        JsonNode answer = work.run();
        latencies
                .computeIfAbsent(step, named -> new ConcurrentHistogram(3))
                .recordValue((System.nanoTime() - due) / 1_000);
        return answer;
    }

    private JsonNode send(String method, String path, String body, String step)
            throws IOException, InterruptedException {
        String type = step.equals("redeem")
                ? "application/x-www-form-urlencoded"
                : step.equals("create user") ? "application/scim+json" : "application/json";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", type)
                .timeout(Duration.ofSeconds(30));
        // a user who redeems has no token yet
        if (!step.equals("redeem")) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        int code = answer.statusCode();
        if (code >= 300) {
            throw new IllegalStateException(step + " answered " + code);
        }
        if (answer.headers()
                .firstValue("Tap-Confirmation")
                .filter("pending"::equals)
                .isPresent()) {
            fault(step + " pending");
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }

    private void fault(String what) {
        faults.computeIfAbsent(what, named -> new LongAdder()).increment();
    }

    private void report(JsonNode stack, Duration elapsed) {
        System.out.printf("after %d s at %.0f stories a second%n", elapsed.toSeconds(), rate);
        new TreeMap<>(latencies)
                .forEach((step, histogram) -> System.out.printf(
                        "  %-8s n=%-7d p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms%n",
                        step,
                        histogram.getTotalCount(),
                        histogram.getValueAtPercentile(50) / 1e3,
                        histogram.getValueAtPercentile(99) / 1e3,
                        histogram.getMaxValue() / 1e3));
        faults.forEach((what, count) -> System.out.printf("  fault: %s, %d times%n", what, count.sum()));
        stack.path("services")
                .properties()
                .forEach(service -> service.getValue()
                        .forEach(pod -> System.out.printf(
                                "  %-20s pid %-7d resident %d MiB%n",
                                service.getKey(),
                                pod.path("pid").asLong(),
                                ProcessMemory.resident(pod.path("pid").asLong()))));
    }

    private static void sleepUntil(long due) throws InterruptedException {
        long left = due - System.nanoTime();
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private interface Step {
        JsonNode run() throws IOException, InterruptedException;
    }
}
