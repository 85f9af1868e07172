package tap.pass.api;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.TestTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;
import static tap.pass.api.Surroundings.with;

/** One administrator issues so many passes in a while and no more, and somebody is told. */
@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class IssuingLimitIT {
    private static final long LIMIT = 10_000;
    private final UUID eve = user();

    @BeforeEach
    void policy() {
        Surroundings.policy(true, false, 24, Surroundings.EVERYBODY, List.of());
    }

    @AfterEach
    void forget() {
        Surroundings.execute("UPDATE issuing SET passes = 1 WHERE actor = '" + eve + "'");
    }

    @Test
    void what_is_issued_is_counted_by_whoever_issues_it_and_nothing_else_is() {
        UUID user = user();
        asEve().post(passes(user)).then().statusCode(201);
        asEve().post(passes(user)).then().statusCode(201);
        asEve().post(passes(UUID.randomUUID())).then().statusCode(404);
        asEve().post(passes(eve)).then().statusCode(403);
        String pass = administrator().get(passes(user)).path("value[0].id");
        asEve().delete(passes(user) + "/" + pass).then().statusCode(204);
        assertThat(issued()).isEqualTo(2);
    }

    @Test
    void at_the_limit_nothing_more_is_issued_until_the_window_is_over_and_others_go_on() {
        hasIssued(LIMIT);
        UUID user = user();
        asEve().post(passes(user))
                .then()
                .statusCode(429)
                .header("Retry-After", seconds -> equalTo(Integer.toString(between(seconds.header("Retry-After")))))
                .body("error.code", equalTo("activityLimitReached"))
                .body("error.innerError.message", containsString("as many passes as one administrator may"));
        administrator().get(passes(user)).then().body("value", empty());
        posting("{}").post(passes(user)).then().statusCode(201);
        assertThat(issued()).isEqualTo(LIMIT);

        Surroundings.execute("UPDATE issuing SET since = since - interval '1 hour' WHERE actor = '" + eve + "'");
        asEve().post(passes(user)).then().statusCode(201);
        assertThat(issued()).isOne();
    }

    private static int between(String seconds) {
        assertThat(Integer.parseInt(seconds)).isBetween(3_000, 3_600);
        return Integer.parseInt(seconds);
    }

    @Test
    void of_many_requests_at_the_same_moment_no_more_than_the_rest_of_the_limit_issue() throws Exception {
        hasIssued(LIMIT - 5);
        List<UUID> users = IntStream.range(0, 12).mapToObj(i -> user()).toList();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService clients = Executors.newFixedThreadPool(12)) {
            List<Callable<Integer>> all = new ArrayList<>();
            users.forEach(user -> all.add(() -> asEve().post(passes(user)).statusCode()));
            for (Future<Integer> done : clients.invokeAll(all)) {
                statuses.add(done.get());
            }
        }
        assertThat(statuses).hasSize(12).containsOnly(201, 429);
        assertThat(statuses).filteredOn(status -> status == 201).hasSize(5);
        assertThat(issued()).isEqualTo(LIMIT);
        assertThat(Surroundings.number(
                        "SELECT count(*) FROM event WHERE type = 'pass-issued.v1' AND actor = '" + eve + "'"))
                .isEqualTo(5);
    }

    @Test
    void the_metrics_show_how_near_the_busiest_is_and_one_pod_says_who() {
        double refusedBefore = metric("tap_issuing_refused_total");
        hasIssued(LIMIT / 5 - 1);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(metric("tap_issuing_busiest_ratio")).isGreaterThan(0.19));
        assertThat(told()).isZero();
        hasIssued(LIMIT / 2);
        Awaitility.await().untilAsserted(() -> {
            assertThat(metric("tap_issuing_busiest_ratio")).isGreaterThanOrEqualTo(0.5);
            assertThat(told()).isOne();
        });
        hasIssued(LIMIT);
        asEve().post(passes(user())).then().statusCode(429);
        assertThat(metric("tap_issuing_refused_total")).isGreaterThan(refusedBefore);
        Awaitility.await().untilAsserted(() -> assertThat(told()).isEqualTo(2));
    }

    private RequestSpecification asEve() {
        return with(TestTokens.delegated(eve.toString())
                        .permissions("UserAuthenticationMethod.ReadWrite.All")
                        .roles(TestTokens.GLOBAL_ADMINISTRATOR))
                .contentType(ContentType.JSON)
                .body("{}");
    }

    private void hasIssued(long passes) {
        Surroundings.execute("INSERT INTO issuing (actor, since, passes) VALUES ('" + eve + "', tap_now(), " + passes
                + ") ON CONFLICT (actor) DO UPDATE SET passes = excluded.passes");
    }

    private long issued() {
        return Surroundings.number("SELECT passes FROM issuing WHERE actor = '" + eve + "'");
    }

    private long told() {
        return Surroundings.number("SELECT told FROM issuing WHERE actor = '" + eve + "'");
    }

    private static double metric(String name) {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(RestAssured.get("/q/metrics").asString());
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
