package tap.endtoend.torture;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import tap.endtoend.torture.LyingGateway.Asked;
import tap.endtoend.torture.LyingGateway.Said;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The clients of a torture notice at once when an answer breaks what another has promised. */
class ClientsIT {

    @Test
    void a_pass_that_signs_in_too_often_or_too_late_is_noticed() throws Exception {
        assertNoticed(
                Map.of(),
                "a pass signs in as often as it says, and not once more",
                "what is gone is refused",
                "a wrong code is refused");
    }

    @Test
    void a_usable_pass_that_does_not_sign_in_is_noticed() throws Exception {
        assertNoticed(
                Map.of(Asked.REDEEM, new Said(400, "{\"error\": \"invalid_grant\"}")),
                "a usable pass signs in as often as it says");
    }

    @Test
    void a_token_that_is_given_twice_or_to_somebody_else_is_noticed() throws Exception {
        String token = "{\"access_token\": \"" + LyingGateway.token("somebody", "the same") + "\"}";
        assertNoticed(
                Map.of(Asked.REDEEM, new Said(200, token)),
                "each use has a token of its own",
                "a token names its user");
    }

    @Test
    void a_policy_that_is_not_obeyed_is_noticed() throws Exception {
        // the code has 8 characters, whatever the policy says
        assertNoticed(Map.of(), "a confirmed policy is obeyed");
    }

    @Test
    void what_is_refused_without_a_reason_is_noticed() throws Exception {
        String error = "{\"error\": {\"code\": \"c\", \"message\": \"m\", \"innerError\": {\"date\": \"d\","
                + " \"request-id\": \"r\", \"client-request-id\": \"c\"}}}";
        assertNoticed(Map.of(Asked.ISSUE, new Said(400, error)), "what the policy allows is allowed");
        assertNoticed(Map.of(Asked.DELETE, new Said(404, error)), "a pass that is there can be deleted");
    }

    @Test
    void an_error_that_says_the_wrong_thing_is_noticed() throws Exception {
        assertNoticed(
                Map.of(Asked.ISSUE, new Said(500, "<html>"), Asked.CREATE_USER, new Said(201, "{\"id\": \"1\"}")),
                "no fault becomes a 500",
                "errors have their protocol's form");
        assertNoticed(
                Map.of(Asked.REDEEM, new Said(503, "{\"error\": \"temporarily_unavailable\"}")),
                "503 says when to come again");
        assertNoticed(Map.of(Asked.ISSUE, new Said(403, "{}")), "who may, may");
    }

    private static void assertNoticed(Map<Asked, Said> lies, String... promises) throws Exception {
        Journal journal = new Journal();
        Pace pace = new Pace();
        try (LyingGateway gateway = new LyingGateway(lies);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TapClient tap = new TapClient(gateway.url(), "a-token", journal);
            PolicyClient policy = new PolicyClient(tap, journal, new Random(1), pace);
            policy.begin();
            threads.execute(policy);
            threads.execute(new LoadClient(tap, journal, policy, new Random(1), pace, "liar"));
            try {
                await(String.join(", ", promises))
                        .atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(journal.violations())
                                .extracting(Violation::promise)
                                .contains(promises));
            } finally {
                pace.end();
            }
        }
    }
}
