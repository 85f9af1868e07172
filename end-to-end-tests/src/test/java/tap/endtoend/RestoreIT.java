package tap.endtoend;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The drill: back up, redeem, restore the backup while clients go on, run {@code ./tap restore}. Not one use is given back. The long
 * form, with 10,000 passes, is part of {@code ./tap drill}.
 */
class RestoreIT {
    private static final int PASSES = Integer.getInteger("tap.drill.passes", 24);
    private static final int CLIENTS = 8;

    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();
    private final String run = UUID.randomUUID().toString();

    private record Issued(String user, String code, boolean once) {}

    @BeforeEach
    void enable() {
        // codes of this length cost no Argon2: the drill is about counting
        administrator
                .configure(Map.of("state", "enabled", "defaultLength", 32))
                .then()
                .statusCode(204);
    }

    @AfterEach
    void whole() {
        stack.up();
        assertThat(administrator.configure(Map.of("defaultLength", 8)).statusCode())
                .isIn(202, 204);
    }

    @Test
    void after_a_restored_backup_not_one_use_is_given_back() throws Exception {
        long earlier = usesPublished();
        // half of them one-time passes; the others have two uses, of which one is made before the backup and one after
        List<Issued> redeemed = all(PASSES, i -> issue("redeemed-" + i, i % 2 == 0));
        List<Issued> open = all(4, i -> issue("open-" + i, true));
        assertThat(statuses(redeemed.stream().filter(pass -> !pass.once).toList()))
                .containsOnly(200);
        Backup backup = stack.backup();
        assertThat(statuses(redeemed)).containsOnly(200);
        long made =
                redeemed.size() + redeemed.stream().filter(pass -> !pass.once).count();
        await("uses on their topic").atMost(Duration.ofSeconds(60)).until(() -> usesPublished() >= earlier + made);

        try (Robbers robbers = new Robbers(redeemed)) {
            stack.restore(backup);
            await("the service to refuse").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                Response refused = redeem(redeemed.getFirst());
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isNotNull();
                assertThat(refused.<String>path("error")).isEqualTo("temporarily_unavailable");
            });
            await("readiness to say why")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> stack.readiness("redemption-service")
                            .contains("this database has lost the past: run ./tap restore redemption-service"));

            assertThat(stack.restore("redemption-service"))
                    .contains("withdrew")
                    .contains("redemption-service is restored.");
            int before = robbers.refused();
            await("clients that try again").atMost(Duration.ofSeconds(60)).until(() -> robbers.refused() > before);
            assertThat(robbers.succeeded()).isZero();
        }
        assertThat(statuses(redeemed)).containsOnly(400);
        // what was usable might have been used by a commit that nobody had published
        assertThat(statuses(open)).containsOnly(400);

        Issued after = issue("after", true);
        assertThat(redeem(after).statusCode()).isEqualTo(200);
        assertThat(redeem(after).statusCode()).isEqualTo(400);
    }

    private long usesPublished() {
        try (PublicEvents events = stack.events()) {
            int before;
            do {
                before = events.all().size();
                events.poll();
            } while (events.all().size() > before || before == 0);
            return events.all().stream()
                    .filter(event -> event.type().equals("tap.pass-redeemed.v1"))
                    .map(event -> event.event().getId())
                    .distinct()
                    .count();
        }
    }

    private Issued issue(String name, boolean once) {
        String user = name + "-" + run + "@example.com";
        administrator.user(user);
        Response issued = administrator.issue(
                user, once ? Map.of("isUsableOnce", true) : Map.of("isUsableOnce", false, "maximumUses", 2));
        issued.then().statusCode(201);
        if (!"confirmed".equals(issued.header("Tap-Confirmation"))) {
            await("the pass to be usable")
                    .atMost(Duration.ofSeconds(40))
                    .until(() -> administrator.get(user, issued.path("id")).<Boolean>path("isUsable"));
        }
        return new Issued(user, issued.path("temporaryAccessPass"), once);
    }

    private Response redeem(Issued pass) {
        return signIn.redeem(pass.user, pass.code);
    }

    private List<Integer> statuses(List<Issued> passes) throws Exception {
        return all(passes.size(), i -> redeem(passes.get(i)).statusCode());
    }

    private static <T> List<T> all(int count, java.util.function.IntFunction<T> work) throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Callable<T>> tasks = IntStream.range(0, count)
                    .<Callable<T>>mapToObj(i -> () -> work.apply(i))
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> done : clients.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        }
    }

    /** Clients that try, again and again, what was used before. */
    private final class Robbers implements AutoCloseable {
        private final ExecutorService clients = Executors.newFixedThreadPool(2);
        private final AtomicInteger successes = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();

        Robbers(List<Issued> used) {
            for (int client = 0; client < 2; client++) {
                int first = client;
                clients.execute(() -> {
                    for (int i = first; !closed.get(); i++) {
                        tryToRedeem(used.get(i % used.size()));
                    }
                });
            }
        }

        private void tryToRedeem(Issued pass) {
            switch (redeem(pass).statusCode()) {
                case 200 -> successes.incrementAndGet();
                case 400 -> refusals.incrementAndGet();
                default -> {}
            }
        }

        int refused() {
            return refusals.get();
        }

        int succeeded() {
            return successes.get();
        }

        @Override
        public void close() {
            closed.set(true);
            clients.close();
        }
    }
}
