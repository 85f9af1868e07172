package tap.redemption.api;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.api.TokenEndpoint.Answer;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.StatementCounter;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuessingIT {
    private static final String WRONG = "00000000";

    private final TokenEndpoint tokens = new TokenEndpoint();
    private Upstream upstream;

    @BeforeAll
    void connect() {
        upstream = new Upstream();
        upstream.configure(Upstream.policy(true, false, List.of()));
    }

    @AfterAll
    void disconnect() {
        upstream.close();
    }

    private UUID user() {
        return upstream.user(UUID.randomUUID() + "@example.com");
    }

    private void fail(int times, String username) {
        for (int i = 0; i < times; i++) {
            assertThat(tokens.redeem(username, WRONG).status()).isEqualTo(400);
        }
    }

    @Test
    void ten_failures_throttle_a_known_and_an_unknown_name_alike() {
        String known = user().toString();
        String unknown = "nobody-" + UUID.randomUUID() + "@example.com";
        fail(10, known);
        fail(10, unknown);

        Answer ofKnown = tokens.redeem(known, WRONG);
        Answer ofUnknown = tokens.redeem(unknown.toUpperCase(java.util.Locale.ROOT), WRONG);

        assertThat(ofKnown.status()).isEqualTo(429);
        assertThat(ofKnown.error()).isEqualTo("temporarily_unavailable");
        assertThat(ofKnown.header("retry-after")).isEqualTo("60");
        assertThat(ofUnknown.status()).isEqualTo(ofKnown.status());
        assertThat(ofUnknown.body()).isEqualTo(ofKnown.body());
        assertThat(ofUnknown.header("retry-after")).isEqualTo("60");
        assertThat(upstream.rows("SELECT key FROM guessing")).noneMatch(key -> key.contains("nobody"));
    }

    @Test
    void ten_wrong_codes_lock_a_pass_for_good_and_issuing_anew_clears_them() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(5).admitted();
        fail(10, userId.toString());
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> upstream.history(issued.passId()).contains("pass-locked.v1"));
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(429);
        upstream.rows("UPDATE guessing SET failures = '{}' WHERE key = '" + userId + "' RETURNING key");
        assertThat(tokens.redeem(userId.toString(), issued.code()).error()).isEqualTo("invalid_grant");

        Issued anew = upstream.issue(userId).replacing(issued).admitted();
        assertThat(tokens.redeem(userId.toString(), anew.code()).status()).isEqualTo(200);
        assertThat(upstream.rows("SELECT payload->>'finalState' FROM event WHERE type = 'pass-withdrawn.v1'"
                        + " AND stream_id = '" + issued.passId() + "'"))
                .containsExactly("locked");
    }

    @Test
    void no_more_than_41_guesses_are_verified_however_many_come_at_once() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(5).admitted();
        List<Answer> answers = tokens.redeemAtOnce(100, userId.toString(), WRONG);
        // the Argon2 pool may turn some away before they are looked at: those guessed nothing
        assertThat(answers).extracting(Answer::status).isSubsetOf(400, 429, 503);
        assertThat(answers).filteredOn(answer -> answer.status() == 400).hasSizeLessThanOrEqualTo(41);
        // whoever was given up for an answer in time settles all the same, but afterwards
        upstream.await(
                "SELECT (wrong BETWEEN 10 AND 41 AND cardinality(places) = 0)::text FROM guessing WHERE key = '"
                        + userId + "'",
                "true");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> upstream.history(issued.passId()).contains("pass-locked.v1"));
    }

    @Test
    void a_pass_with_23_characters_is_neither_throttled_nor_locked_by_strangers() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).length(23).admitted();
        fail(10, userId.toString());
        assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(429);
        for (int i = 0; i < 50; i++) {
            assertThat(tokens.redeem(userId.toString(), "0".repeat(23)).status())
                    .isEqualTo(400);
        }
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
    }

    @Test
    void nobody_who_knows_the_name_keeps_a_user_from_signing_in_with_23_characters() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).length(23).uses(25).admitted();
        AtomicBoolean enough = new AtomicBoolean();
        AtomicInteger hammered = new AtomicInteger();
        List<CompletableFuture<Void>> strangers = Stream.of(WRONG, "0".repeat(23), WRONG, "1".repeat(48))
                .map(guess -> CompletableFuture.runAsync(() -> {
                    while (!enough.get()) {
                        assertThat(tokens.redeem(userId.toString(), guess).status())
                                .isIn(400, 429, 503);
                        hammered.incrementAndGet();
                    }
                }))
                .toList();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> hammered.get() > 100);
        for (int i = 0; i < 25; i++) {
            assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
        }
        enough.set(true);
        strangers.forEach(CompletableFuture::join);
        assertThat(upstream.history(issued.passId())).doesNotContain("pass-locked.v1");
    }

    @Test
    void a_place_that_nobody_settles_was_a_wrong_code() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(5).admitted();
        assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(400);
        // as a pod leaves them that ends while it looks at nine codes
        upstream.rows("UPDATE guessing SET places = array_fill(tap_now() - interval '31 s', ARRAY[9]) WHERE key = '"
                + userId + "' RETURNING key");
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(429);
        upstream.rows(
                "UPDATE guessing SET failures = '{}', places = array_fill(tap_now() - interval '11 min', ARRAY[9])"
                        + " WHERE key = '" + userId + "' RETURNING key");
        assertThat(tokens.redeem(userId.toString(), issued.code()).error()).isEqualTo("invalid_grant");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> upstream.history(issued.passId()).contains("pass-locked.v1"));
    }

    @Test
    void a_redemption_returns_its_place_and_costs_no_failure() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(40).admitted();
        for (int i = 0; i < 40; i++) {
            assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
        }
        assertThat(upstream.rows(
                        "SELECT (cardinality(places) + cardinality(failures))::text FROM guessing WHERE key = '"
                                + userId + "'"))
                .containsExactly("0");
    }

    @Test
    void a_right_code_that_may_not_be_used_is_a_failure() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).admitted();
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(400);
        assertThat(upstream.rows(
                        "SELECT cardinality(failures) || '/' || wrong FROM guessing WHERE key = '" + userId + "'"))
                .containsExactly("1/0");
    }

    @Test
    void whoever_hangs_up_before_the_answer_has_guessed_all_the_same() throws Exception {
        UUID userId = user();
        String form = TokenEndpoint.encoded(TokenEndpoint.form(userId.toString(), WRONG));
        for (int i = 0; i < 10; i++) {
            try (Socket socket = new Socket("localhost", RestAssured.port)) {
                socket.getOutputStream()
                        .write(("POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: " + form.length()
                                        + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + form)
                                .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                int attempts = i + 1;
                // arrived, but far from answered: an Argon2 takes longer than a statement
                Awaitility.await()
                        .pollInterval(Duration.ofMillis(2))
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> upstream.rows("SELECT (cardinality(places) + cardinality(failures))::text FROM"
                                        + " guessing WHERE key = '" + userId + "'")
                                .equals(List.of(Integer.toString(attempts))));
            }
        }
        upstream.await("SELECT cardinality(failures)::text FROM guessing WHERE key = '" + userId + "'", "10");
        assertThat(tokens.redeem(userId.toString(), WRONG).status()).isEqualTo(429);
    }

    @Test
    void a_row_that_somebody_holds_is_a_503_that_says_when_to_come_again() throws Exception {
        UUID userId = user();
        upstream.issue(userId).admitted();
        try (Connection holder = upstream.database().connectAsSuperuser();
                var statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT 1 FROM guessing WHERE key = '" + userId + "' FOR UPDATE");
            Answer answer = tokens.redeem(userId.toString(), WRONG);
            holder.rollback();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).isEqualTo("temporarily_unavailable");
            assertThat(answer.header("retry-after")).isEqualTo("1");
        }
    }

    @Test
    void a_redemption_costs_two_statements_and_one_of_a_short_code_three() {
        UUID strongUser = user();
        Issued strong = upstream.issue(strongUser).uses(9).length(23).admitted();
        UUID shortUser = user();
        Issued weak = upstream.issue(shortUser).uses(9).length(8).admitted();
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            assertThat(statements(counter, strongUser, strong.code(), 200)).isEqualTo(2);
            assertThat(statements(counter, shortUser, weak.code(), 200)).isEqualTo(3);
            // refused: nothing is appended, so the load, and for a short code its throttle
            assertThat(statements(counter, strongUser, "0".repeat(23), 400)).isEqualTo(1);
            assertThat(statements(counter, UUID.randomUUID(), "0".repeat(23), 400))
                    .isEqualTo(1);
            assertThat(statements(counter, shortUser, WRONG, 400)).isEqualTo(2);
            assertThat(statements(counter, UUID.randomUUID(), WRONG, 400)).isEqualTo(2);
        }
    }

    // What the sweeper and the housekeeping poll meanwhile is not of the request.
    private long statements(StatementCounter counter, UUID userId, String code, int status) {
        counter.restart();
        assertThat(tokens.redeem(userId.toString(), code).status()).isEqualTo(status);
        return counter.statements().entrySet().stream()
                .filter(entry -> entry.getKey().contains("tap_user_id")
                        || entry.getKey().contains("refuse_partial_append")
                        || entry.getKey().startsWith("UPDATE guessing"))
                .mapToLong(java.util.Map.Entry::getValue)
                .sum();
    }
}
