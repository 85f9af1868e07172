package tap.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tap.localstack.demo.ConfirmationHistogram;

/**
 * From commit to confirmed on a running, warm stack at fixed rates, as its pods count it, and the bare loop in the same run. A
 * third of the commands each issues a pass with a long code, deletes it and changes the policy.
 */
@Command(
        name = "confirmation-load",
        mixinStandardHelpOptions = true,
        description = "Measures commit to confirmed on a running stack at 10 and 200 a second, and a bare loop.")
public final class ConfirmationLoad implements Callable<Integer> {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String POLICY =
            "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
    /** From this length on a code needs no Argon2, which has nothing to do with confirmation. */
    private static final int LONG_CODE = 24;

    private static final int STEPS = 3;
    /** A cold stack cannot keep a rate: these come again when they are answered. */
    private static final int WARMING_CLIENTS = 8;

    @Option(names = "--status", required = true, description = "a file with the output of ./tap status --json")
    private Path status = Path.of("status.json");

    @Option(names = "--token", required = true, description = "what ./tap token printed")
    private String token = "";

    @Option(names = "--warm-up", defaultValue = "90", description = "seconds (default: ${DEFAULT-VALUE})")
    private int warmUp;

    @Option(names = "--seconds", defaultValue = "60", description = "of each measurement (default: ${DEFAULT-VALUE})")
    private int seconds;

    @Option(
            names = "--rates",
            split = ",",
            defaultValue = "10,200",
            description = "commands a second (default: ${DEFAULT-VALUE})")
    private List<Integer> rates = List.of();

    @Option(names = "--users", defaultValue = "100", description = "users to play with (default: ${DEFAULT-VALUE})")
    private int users;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LongAdder faults = new LongAdder();
    private final LongAdder notStarted = new LongAdder();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private String gateway = "";

    private ConfirmationLoad() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ConfirmationLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        JsonNode stack = JSON.readTree(status.toFile());
        gateway = stack.path("gateway").asText();
        send("PATCH", POLICY, "{\"state\":\"enabled\",\"defaultLength\":" + LONG_CODE + "}");
        String[] names = new String[users];
        for (int i = 0; i < users; i++) {
            names[i] = "confirmed-" + UUID.randomUUID() + "@example.com";
            send(
                    "POST",
                    "/scim/v2/Users",
                    "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"userName\":\"" + names[i] + "\"}");
        }
        System.out.printf("warming up for %d s with %d clients%n", warmUp, WARMING_CLIENTS);
        warm(names);
        for (int rate : rates) {
            Map<String, ConfirmationHistogram> before = counted(stack);
            play(names, rate, seconds);
            counted(stack).forEach((operation, after) -> {
                ConfirmationHistogram counts = after.since(before.getOrDefault(operation, after));
                System.out.printf(
                        "commit to confirmed at %d a second, %-6s: n=%d  p50 within %.1f ms  p99 within %.1f ms%n",
                        rate, operation, counts.total(), counts.withinMillis(0.50), counts.withinMillis(0.99));
            });
        }
        System.out.printf(
                "refused, failed or pending: %d; not begun because the user's last round was not done: %d%n",
                faults.sum(), notStarted.sum());
        send("PATCH", POLICY, "{\"defaultLength\":8}");
        try (BareConfirmation bare = new BareConfirmation()) {
            bare.play(rates.getLast(), Math.min(warmUp, 30));
            for (int rate : rates) {
                System.out.printf("bare loop at %d a second: %s%n", rate, bare.play(rate, Math.min(seconds, 30)));
            }
        }
        return 0;
    }

    private void warm(String[] names) {
        long end = System.nanoTime() + Duration.ofSeconds(warmUp).toNanos();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < WARMING_CLIENTS; client++) {
                String name = names[client];
                clients.execute(() -> {
                    for (int i = 0; System.nanoTime() < end; i++) {
                        round(name, LONG_CODE + i % 2);
                    }
                });
            }
        }
    }

    private void play(String[] names, int rate, int howLong) throws InterruptedException {
        long interval = STEPS * 1_000_000_000L / rate;
        long begin = System.nanoTime();
        long rounds = (long) rate * howLong / STEPS;
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < rounds; i++) {
                RelayStage.sleepUntil(begin + i * interval);
                String name = names[(int) (i % users)];
                int length = LONG_CODE + (int) (i % 2);
                if (busy.add(name)) {
                    clients.execute(() -> {
                        round(name, length);
                        busy.remove(name);
                    });
                } else {
                    notStarted.increment();
                }
            }
        }
    }

    private void round(String name, int length) {
        String passes = "/v1.0/users/" + name + "/authentication/temporaryAccessPassMethods";
        try {
            JsonNode pass = send("POST", passes, "{}");
            send("DELETE", passes + "/" + pass.path("id").asText(), "");
            send("PATCH", POLICY, "{\"defaultLength\":" + length + "}");
        } catch (IOException | IllegalStateException e) {
            faults.increment();
            System.out.println("fault: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, ConfirmationHistogram> counted(JsonNode stack) {
        Map<String, ConfirmationHistogram> counts = new LinkedHashMap<>();
        counts.put("issue", ConfirmationHistogram.of(pods(stack, "pass-service"), "issue"));
        counts.put("delete", ConfirmationHistogram.of(pods(stack, "pass-service"), "delete"));
        counts.put("policy", ConfirmationHistogram.of(pods(stack, "policy-service"), "policy"));
        return counts;
    }

    private static List<String> pods(JsonNode stack, String service) {
        return StreamSupport.stream(stack.path("services").path(service).spliterator(), false)
                .map(pod -> pod.path("url").asText())
                .toList();
    }

    private JsonNode send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", path.startsWith("/scim") ? "application/scim+json" : "application/json")
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + " answered " + answer.statusCode());
        }
        if (answer.statusCode() == 202
                || answer.headers()
                        .firstValue("Tap-Confirmation")
                        .filter("pending"::equals)
                        .isPresent()) {
            faults.increment();
        }
        return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
    }
}
