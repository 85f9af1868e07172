package tap.endtoend.torture;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tap.endtoend.Administrator;
import tap.endtoend.Stack;
import tap.endtoend.torture.Journal.Acknowledged;
import tap.endtoend.torture.Journal.Acknowledged.PassRedeemed;
import tap.endtoend.torture.Journal.Acknowledged.UserCreated;
import tap.endtoend.torture.invariants.Evidence;
import tap.endtoend.torture.invariants.Invariant;
import tap.endtoend.torture.invariants.Store;
import tap.endtoend.torture.order.Operation;
import tap.endtoend.torture.order.Operation.What;
import tap.endtoend.torture.order.PassHistories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The short form of {@code ./tap torture}, on the stack of the other tests, and the proof that each invariant can fail: the same data
 * is judged again after it was tampered with, in a transaction that is rolled back.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TortureIT {
    private static final Duration FAULTS = Duration.ofSeconds(Integer.getInteger("tap.torture.seconds", 40));
    private static final int CLIENTS = 3;
    private static final int MOST_USES = 3;

    private final Stack stack = Stack.running();
    private final long seed = Long.getLong("tap.torture.seed", new Random().nextInt(Integer.MAX_VALUE));
    private TortureRun.Outcome outcome;

    @BeforeAll
    void torture() throws Exception {
        System.out.println("torture: seed " + seed);
        outcome = new TortureRun(
                        new FaultKind.Victim(stack, null),
                        new TortureRun.Plan(seed, FAULTS, CLIENTS, false),
                        step -> System.out.println("torture: " + step))
                .play();
        System.out.println("torture: " + outcome.counts() + " " + outcome.survived());
    }

    @AfterAll
    void leave_the_policy_as_it_was() {
        Administrator administrator = stack.administrator("Global Administrator");
        Map<String, ?> before = Map.of(
                "state",
                "enabled",
                "defaultLength",
                8,
                "minimumLifetimeInMinutes",
                60,
                "maximumLifetimeInMinutes",
                480);
        await("the policy")
                .atMost(Duration.ofSeconds(60))
                .until(() -> administrator.configure(before).statusCode() == 204);
    }

    @Test
    void random_faults_under_load_break_no_promise() {
        assertThat(outcome.violations()).as("seed %d", seed).isEmpty();
        assertThat(outcome.survived()).isNotEmpty();
        assertThat(outcome.counts().acknowledged()).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void each_invariant_notices_what_a_broken_product_would_leave(Tampering tampering) throws SQLException {
        Invariant invariant = Invariant.all().stream()
                .filter(one -> one.toString().equals(tampering.promise()))
                .findFirst()
                .orElseThrow();
        Evidence tampered = outcome.evidence().with(tampering.where(), tampered(tampering));
        assertThat(invariant.violations(outcome.evidence())).isEmpty();
        assertThat(invariant.violations(tampered)).isNotEmpty();
    }

    @Test
    void one_more_use_than_a_pass_allows_has_no_explanation() {
        PassHistories histories = outcome.evidence().journal().histories();
        long now = System.nanoTime();
        List<PassRedeemed> uses = acknowledged(PassRedeemed.class).toList();
        // with those that were seen more than any pass allows, whoever it was who had no answer
        uses.forEach(use -> IntStream.range(0, MOST_USES)
                .forEach(more -> histories.ofPass(use.passId(), Operation.effective(What.USED, now, now))));
        assertThat(histories.violations(now))
                .hasSameSizeAs(
                        uses.stream().map(PassRedeemed::passId).distinct().toList());
    }

    private Store tampered(Tampering tampering) throws SQLException {
        try (Connection connection = stack.postgres().connect(tampering.where().database());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // the trigger that keeps the log append-only sleeps
            statement.execute("SET LOCAL session_replication_role = replica");
            String sql = aboutSomebody(tampering.sql());
            assertThat(statement.executeUpdate(sql)).as(sql).isPositive();
            Store store = Store.read(connection, outcome.scope());
            connection.rollback();
            return store;
        }
    }

    private String aboutSomebody(String sql) {
        PassRedeemed use = acknowledged(PassRedeemed.class).findFirst().orElseThrow();
        String users = acknowledged(UserCreated.class)
                .map(created -> "'" + created.userId() + "'")
                .collect(Collectors.joining(", "));
        return sql.replace(":jti", use.jti())
                .replace(":pass", use.passId())
                .replace(":users", users)
                .replace(":user", use.userId());
    }

    private <T extends Acknowledged> Stream<T> acknowledged(Class<T> kind) {
        return outcome.evidence().journal().acknowledged().stream()
                .filter(kind::isInstance)
                .map(kind::cast);
    }
}
