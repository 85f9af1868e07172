package tap.redemption.api;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.codes.Argon2Pool;
import tap.contract.PolicyV1;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.api.TokenEndpoint.Answer;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.StatementCounter;

import static org.assertj.core.api.Assertions.assertThat;

/** Refusals differ in nothing that whoever asked could see or measure: not in the answer, and not in the work behind it. */
@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NoOracleIT {
    // What the service does once in a while, whatever is asked of it.
    private static final Pattern OF_BACKGROUND =
            Pattern.compile("open_allowance|DELETE FROM guessing|INTO refusal|FROM refusal|BEGIN|COMMIT");
    private static final String WRONG = "00000000";

    @Inject
    Argon2Pool argon2;

    private final TokenEndpoint tokens = new TokenEndpoint();
    private Upstream upstream;

    @BeforeAll
    void connect() {
        upstream = new Upstream();
        upstream.configure(Upstream.policy(true, false, List.of()));
    }

    @AfterAll
    void disconnect() {
        upstream.configure(Upstream.policy(true, false, List.of()));
        upstream.close();
    }

    private record Attempt(String username, String code) {
        static Attempt at(Issued issued) {
            return new Attempt(issued.userId().toString(), issued.code());
        }
    }

    /** What whoever asked sees, and what it cost; two of these that are equal betray nothing. */
    private record Seen(
            int status, String body, Map<String, List<String>> headers, Map<String, Long> statements, long hashes) {}

    private UUID user() {
        return upstream.user(UUID.randomUUID() + "@example.com");
    }

    private Seen seen(StatementCounter counter, Attempt attempt) {
        counter.restart();
        long before = argon2.computed();
        Answer answer = tokens.redeem(attempt.username(), attempt.code());
        Map<String, Long> statements = counter.statements();
        statements.keySet().removeIf(OF_BACKGROUND.asPredicate());
        Map<String, List<String>> headers = new TreeMap<>(answer.headers());
        headers.keySet().removeAll(List.of("request-id", "date"));
        return new Seen(answer.status(), answer.body(), headers, statements, argon2.computed() - before);
    }

    private Map<String, Attempt> refusals(int length) {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        String wrong = "0".repeat(length);
        attempts.put("unknown id", new Attempt(UUID.randomUUID().toString(), wrong));
        attempts.put("unknown name", new Attempt("nobody-" + UUID.randomUUID() + "@example.com", wrong));
        attempts.put("no pass", new Attempt(user().toString(), wrong));
        UUID guessed = user();
        upstream.issue(guessed).length(length).admitted();
        attempts.put("wrong code", new Attempt(guessed.toString(), wrong));
        attempts.put(
                "not yet valid",
                Attempt.at(upstream.issue(user())
                        .length(length)
                        .startingAt(Instant.now().plus(Duration.ofMinutes(30)))
                        .admitted()));
        Issued expired = upstream.issue(user())
                .length(length)
                .endingAt(Instant.now().plusSeconds(3))
                .admitted();
        attempts.put("expired", Attempt.at(expired));
        Issued spent = upstream.issue(user()).length(length).admitted();
        assertThat(tokens.redeem(spent.userId().toString(), spent.code()).status())
                .isEqualTo(200);
        attempts.put("spent", Attempt.at(spent));
        Issued withdrawn = upstream.issue(user()).length(length).admitted();
        upstream.revoke(withdrawn);
        attempts.put("withdrawn", Attempt.at(withdrawn));
        Issued never = upstream.issue(user())
                .length(length)
                .endingAt(Instant.now().minusSeconds(1))
                .answered("admission-refused.v1");
        attempts.put("not admitted", Attempt.at(never));
        Issued excluded = upstream.issue(user()).length(length).admitted();
        upstream.configure(Upstream.policy(
                true,
                false,
                List.of(new PolicyV1.ExcludeTarget("user", excluded.userId().toString()))));
        attempts.put("not targeted", Attempt.at(excluded));
        Issued inactive = upstream.issue(user()).length(length).admitted();
        upstream.change(inactive.userId(), false);
        attempts.put("inactive", Attempt.at(inactive));
        Issued fenced = upstream.issue(user()).length(length).admitted();
        upstream.skipAVersion(fenced.userId());
        attempts.put("fenced", Attempt.at(fenced));
        Issued locked = locked();
        attempts.put(
                "locked",
                length < 23 ? Attempt.at(locked) : new Attempt(locked.userId().toString(), wrong));
        awaitEvent(expired, "pass-expired.v1");
        return attempts;
    }

    private Issued locked() {
        Issued issued = upstream.issue(user()).uses(5).admitted();
        String userId = issued.userId().toString();
        for (int i = 0; i < 10; i++) {
            assertThat(tokens.redeem(userId, WRONG).status()).isEqualTo(400);
        }
        awaitEvent(issued, "pass-locked.v1");
        upstream.rows("UPDATE guessing SET failures = '{}' WHERE key = '" + userId + "' RETURNING key");
        return issued;
    }

    private void awaitEvent(Issued issued, String type) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> upstream.history(issued.passId()).contains(type));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 23})
    void every_refusal_is_the_same_answer_after_the_same_work(int length) {
        Map<String, Attempt> attempts = refusals(length);
        Map<String, Seen> seen = new LinkedHashMap<>();
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            attempts.forEach((kind, attempt) -> seen.put(kind, seen(counter, attempt)));
        }
        Seen first = seen.values().iterator().next();
        assertThat(first.status()).isEqualTo(400);
        assertThat(first.body())
                .isEqualTo(
                        "{\"error\":\"invalid_grant\",\"error_description\":\"The temporary access pass is not valid.\"}");
        assertThat(first.hashes()).isEqualTo(length < 23 ? 1 : 0);
        assertThat(first.statements().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .as(first.statements().toString())
                .isEqualTo(length < 23 ? 2 : 1);
        assertThat(seen).allSatisfy((kind, one) -> assertThat(one).as(kind).isEqualTo(first));
    }

    @Test
    void whoever_is_throttled_cannot_tell_whether_there_is_such_a_name_or_pass() {
        Map<String, Attempt> attempts = new LinkedHashMap<>();
        attempts.put("unknown name", new Attempt("nobody-" + UUID.randomUUID() + "@example.com", WRONG));
        attempts.put("no pass", new Attempt(user().toString(), WRONG));
        Issued locked = locked();
        attempts.put("locked", Attempt.at(locked));
        Issued spent = upstream.issue(user()).admitted();
        assertThat(tokens.redeem(spent.userId().toString(), spent.code()).status())
                .isEqualTo(200);
        attempts.put("spent", Attempt.at(spent));
        Map<String, Seen> seen = new LinkedHashMap<>();
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            attempts.forEach((kind, attempt) -> {
                for (int i = 0; i < 10; i++) {
                    assertThat(tokens.redeem(attempt.username(), WRONG).status())
                            .isEqualTo(400);
                }
                seen.put(kind, seen(counter, attempt));
            });
        }
        Seen first = seen.values().iterator().next();
        assertThat(first.status()).isEqualTo(429);
        assertThat(first.hashes()).isZero();
        assertThat(first.statements()).hasSize(1);
        assertThat(seen).allSatisfy((kind, one) -> assertThat(one).as(kind).isEqualTo(first));

        Answer shed = flood(TokenEndpoint.from("198.51.100.7"));
        assertThat(shed.body()).isEqualTo(first.body());
        Map<String, List<String>> headers = new TreeMap<>(shed.headers());
        headers.keySet().removeAll(List.of("request-id", "date"));
        assertThat(headers).isEqualTo(first.headers());
    }

    // Guesses at ever other names, until the source has nothing left.
    private static Answer flood(TokenEndpoint source) {
        for (int i = 0; i < 200; i++) {
            Answer answer = source.redeem("nobody-" + UUID.randomUUID() + "@example.com", WRONG);
            if (answer.status() != 400) {
                return answer;
            }
        }
        throw new AssertionError("a source has no bound");
    }

    @Test
    void a_flood_is_shed_before_any_work_and_by_where_it_really_comes_from() {
        TokenEndpoint source = TokenEndpoint.from("198.51.100.8");
        assertThat(flood(source).status()).isEqualTo(429);
        long before = argon2.computed();
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            assertThat(TokenEndpoint.from("203.0.113.1, 198.51.100.8")
                            .redeem(UUID.randomUUID().toString(), WRONG)
                            .status())
                    .isEqualTo(429);
            Map<String, Long> statements = counter.statements();
            statements.keySet().removeIf(OF_BACKGROUND.asPredicate());
            assertThat(statements).isEmpty();
        }
        assertThat(argon2.computed()).isEqualTo(before);
        assertThat(TokenEndpoint.from("198.51.100.9")
                        .redeem(UUID.randomUUID().toString(), WRONG)
                        .status())
                .isEqualTo(400);
        // a code that nobody can guess is nobody's flood
        Issued strong = upstream.issue(user()).length(23).admitted();
        assertThat(source.redeem(strong.userId().toString(), strong.code()).status())
                .isEqualTo(200);
    }
}
