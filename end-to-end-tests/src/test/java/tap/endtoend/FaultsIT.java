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

import io.restassured.response.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;

/** Kills and outages in the middle of the story: nothing is lost, nothing is doubled, and answers say what is true. */
class FaultsIT {
    private static final List<String> SERVICES = List.of("policy-service", "pass-service", "redemption-service");

    private final Stack stack = Stack.running();
    private final Administrator administrator = stack.administrator("Global Administrator");
    private final SignIn signIn = stack.signIn();
    private final String name = "faults-" + UUID.randomUUID() + "@example.com";

    @BeforeEach
    void enable() {
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
    }

    @AfterEach
    void whole() {
        stack.up();
    }

    @Test
    void two_pods_together_let_a_one_time_pass_sign_in_once() throws Exception {
        assertThat(stack.pods("redemption-service")).hasSize(2);
        administrator.user(name);
        String code = administrator
                .issue(name, Map.of("isUsableOnce", true))
                .then()
                .statusCode(201)
                .extract()
                .path("temporaryAccessPass");
        List<Callable<Integer>> attempts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            SignIn atPod = new SignIn(stack.pods("redemption-service").get(i % 2));
            attempts.add(() -> atPod.redeem(name, code).statusCode());
        }
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> answer : clients.invokeAll(attempts)) {
                statuses.add(answer.get());
            }
        }
        assertThat(statuses).containsOnly(200, 400);
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    }

    @Test
    void either_pod_of_a_service_confirms_whichever_publishes_and_whichever_follows() {
        administrator.user(name);
        for (String pod : stack.pods("pass-service")) {
            Administrator there = new Administrator(pod, administrator.token());
            await("confirmation in " + pod).atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                Response issued = there.issue(name, Map.of());
                issued.then()
                        .statusCode(201)
                        .header("Tap-Confirmation", "confirmed")
                        .body("isUsable", equalTo(true));
                there.delete(name, issued.path("id")).then().statusCode(204);
            });
        }
        for (String pod : stack.pods("policy-service")) {
            Administrator there = new Administrator(pod, administrator.token());
            await("confirmation in " + pod).atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                there.configure(Map.of("defaultLifetimeInMinutes", 61)).then().statusCode(204);
                there.configure(Map.of("defaultLifetimeInMinutes", 60)).then().statusCode(204);
                there.createUser("at-pod-" + UUID.randomUUID() + "@example.com")
                        .then()
                        .statusCode(201)
                        .header("Tap-Confirmation", "confirmed");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy-service", "pass-service", "redemption-service"})
    void a_service_killed_in_the_middle_comes_back_with_everything(String service) {
        String user = administrator.user(name);
        Response issued = administrator.issue(name, Map.of("isUsableOnce", false, "maximumUses", 2));
        issued.then().statusCode(201);
        String code = issued.path("temporaryAccessPass");
        signIn.redeem(name, code).then().statusCode(200);

        stack.killService(service);
        given().baseUri(stack.gateway())
                .get(probe(service))
                .then()
                .statusCode(503)
                .header("Retry-After", org.hamcrest.Matchers.notNullValue());
        if (!service.equals("policy-service")) {
            // nobody knows whether a follower that is away obeys
            administrator
                    .configure(Map.of("defaultLifetimeInMinutes", 62))
                    .then()
                    .statusCode(202);
            await("the change to be listed")
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> administrator
                            .pendingChanges()
                            .then()
                            .statusCode(200)
                            .body("value.kind", hasItem("policyChange")));
        }
        stack.up();

        administrator.policy().then().statusCode(200).body("state", equalTo("enabled"));
        signIn.redeem(name, code).then().statusCode(200);
        signIn.redeem(name, code).then().statusCode(400);
        await("the uses in pass-service's copy")
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> administrator
                        .get(name, issued.path("id"))
                        .then()
                        .statusCode(200)
                        .body("usageCount", equalTo(2))
                        .body("methodUsabilityReason", equalTo("OneTimeUsed")));
        // Kafka gives a killed pod's partitions to another when its session has timed out; answers are pending until
        // then
        Response replacement = administrator.issue(name, Map.of());
        replacement.then().statusCode(201);
        await("the replacement to be usable")
                .atMost(Duration.ofSeconds(40))
                .untilAsserted(() ->
                        administrator.get(name, replacement.path("id")).then().body("isUsable", equalTo(true)));
        signIn.redeem(name, replacement.path("temporaryAccessPass")).then().statusCode(200);
        awaitNothingPending();
        administrator.configure(Map.of("defaultLifetimeInMinutes", 60)).then().statusCode(204);

        try (PublicEvents events = stack.events()) {
            events.about(
                    user,
                    event -> event.type().equals("tap.pass-redeemed.v1")
                            && event.event().getSubject().equals(replacement.path("id")));
            assertThat(eventsOf(events, issued.path("id")))
                    .containsExactly(
                            "1 tap.pass-admitted.v1",
                            "2 tap.pass-redeemed.v1",
                            "3 tap.pass-redeemed.v1",
                            "4 tap.pass-spent.v1",
                            "5 tap.pass-withdrawn.v1");
        }
    }

    @Test
    void without_kafka_issuing_answers_pending_and_redeeming_goes_on() {
        administrator.user(name);
        Response before = administrator.issue(name, Map.of("isUsableOnce", false));
        before.then().statusCode(201).header("Tap-Confirmation", "confirmed");
        String other = "other-" + name;
        administrator.user(other);

        stack.killKafka();
        Response pending = administrator.issue(other, Map.of());
        pending.then()
                .statusCode(201)
                .header("Tap-Confirmation", "pending")
                .body("isUsable", equalTo(false))
                .body("methodUsabilityReason", equalTo("NotYetValid"));
        signIn.redeem(name, before.path("temporaryAccessPass")).then().statusCode(200);
        administrator
                .configure(Map.of("state", "enabled", "defaultLifetimeInMinutes", 61))
                .then()
                .statusCode(202);
        for (String service : SERVICES) {
            for (String pod : stack.pods(service)) {
                given().baseUri(pod).get("/q/health/ready").then().statusCode(200);
            }
        }
        administrator.delete(name, before.path("id")).then().statusCode(202);
        administrator
                .get(name, before.path("id"))
                .then()
                .statusCode(200)
                .body("methodUsabilityReason", equalTo("DisabledByPolicy"));
        await("what is pending to be listed").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            administrator
                    .pendingPasses()
                    .then()
                    .statusCode(200)
                    .body(
                            "value.collect { it.kind + ' ' + it.id }",
                            hasItems("passAdmission " + pending.path("id"), "passWithdrawal " + before.path("id")));
            administrator.pendingChanges().then().statusCode(200).body("value.kind", hasItem("policyChange"));
        });

        stack.up();
        await("what was pending to be confirmed").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            administrator
                    .get(other, pending.path("id"))
                    .then()
                    .statusCode(200)
                    .body("methodUsabilityReason", equalTo("EnabledByPolicy"));
            administrator.get(name, before.path("id")).then().statusCode(404);
        });
        awaitNothingPending();
        signIn.redeem(other, pending.path("temporaryAccessPass")).then().statusCode(200);
        signIn.redeem(name, before.path("temporaryAccessPass")).then().statusCode(400);
        administrator.configure(Map.of("defaultLifetimeInMinutes", 60)).then().statusCode(204);
    }

    private void awaitNothingPending() {
        await("nothing to be pending").atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            administrator.pendingPasses().then().statusCode(200).body("value", empty());
            administrator.pendingChanges().then().statusCode(200).body("value", empty());
        });
    }

    // What every consumer does: drop (stream, version) already seen.
    private static List<String> eventsOf(PublicEvents events, String pass) {
        return events.all().stream()
                .filter(event -> event.topic().equals("tap.redemptions")
                        && event.event().getSubject().equals(pass))
                .map(event -> event.sequence() + " " + event.type())
                .distinct()
                .toList();
    }

    private static String probe(String service) {
        return switch (service) {
            case "policy-service" -> "/v1.0/policies/authenticationMethodsPolicy";
            case "redemption-service" -> "/.well-known/jwks.json";
            default -> "/v1.0/users/nobody/authentication/temporaryAccessPassMethods";
        };
    }
}
