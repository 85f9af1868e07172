package tap.pass.application;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tap.codes.KeyRing;
import tap.codes.SealedVerifier;
import tap.codes.Verifier;
import tap.codes.VerifierSeal;
import tap.contract.Topics;
import tap.pass.api.OtherServices;
import tap.pass.api.Surroundings;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.StatementCounter;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.pass.api.Surroundings.administrator;
import static tap.pass.api.Surroundings.passes;
import static tap.pass.api.Surroundings.posting;
import static tap.pass.api.Surroundings.user;

@QuarkusTest
@QuarkusTestResource(value = ServiceTestResource.class, initArgs = @ResourceArg(name = "database", value = "tap_pass"))
@QuarkusTestResource(OtherServices.class)
class PassCommandsIT {
    @BeforeEach
    void policy() {
        Surroundings.policy(true, false);
    }

    @Test
    void issuing_and_deleting_cost_two_statements_each() {
        UUID user = user();
        administrator();
        try (TestDatabase database = ServiceTestResource.database();
                StatementCounter counter = StatementCounter.of(database)) {
            OtherServices.whileRedemptionIsAway(() -> {
                counter.restart();
                String pass = posting("{}")
                        .post(passes(user))
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id");
                assertThat(ofCommands(counter))
                        .hasSize(2)
                        .allSatisfy((statement, calls) -> assertThat(calls).isOne());
                counter.restart();
                administrator().delete(passes(user) + "/" + pass).then().statusCode(202);
                assertThat(ofCommands(counter))
                        .hasSize(2)
                        .allSatisfy((statement, calls) -> assertThat(calls).isOne());
            });
        }
    }

    @Test
    void a_question_costs_one_statement() {
        UUID user = user();
        posting("{}").post(passes(user)).then().statusCode(201);
        administrator().get(passes(user)).then().statusCode(200);
        try (TestDatabase database = ServiceTestResource.database();
                StatementCounter counter = StatementCounter.of(database)) {
            administrator().get(passes(user)).then().statusCode(200);
            assertThat(ofCommands(counter).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .as(() -> counter.statements().toString())
                    // the other one is how the tests look whether their caller is there
                    .isLessThanOrEqualTo(2);
        }
    }

    // Beside what waits for redemption-service's answer and what other services' messages do.
    private static Map<String, Long> ofCommands(StatementCounter counter) {
        return counter.statements().entrySet().stream()
                .filter(entry -> !entry.getKey().contains("LEFT JOIN allowance_copy a USING"))
                .filter(entry -> !entry.getKey().contains("user_copy WHERE id ="))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Test
    void racing_administrators_all_get_through_and_one_pass_is_left() throws Exception {
        UUID user = user();
        int racers = 8;
        try (var threads = Executors.newFixedThreadPool(racers)) {
            Callable<String> issue = () -> posting("{}")
                    .post(passes(user))
                    .then()
                    .statusCode(201)
                    .extract()
                    .path("id");
            List<Future<String>> issued = threads.invokeAll(
                    IntStream.range(0, racers).mapToObj(i -> issue).toList());
            Set<String> ids = new HashSet<>();
            for (Future<String> future : issued) {
                ids.add(future.get());
            }
            assertThat(ids).hasSize(racers);
            List<String> left = administrator().get(passes(user)).path("value.id");
            assertThat(left).hasSize(1);
            assertThat(ids).contains(left.getFirst());
            // each replaces the one before: a chain without a fork
            assertThat(Surroundings.number(
                            "SELECT count(DISTINCT payload ->> 'replaces') FROM event WHERE stream_id = '" + user
                                    + "' AND payload ->> 'replaces' IS NOT NULL"))
                    .isEqualTo(racers - 1);
        }
    }

    @Test
    void every_event_is_on_both_topics_and_the_seal_opens_for_its_version_alone() {
        UUID user = user();
        posting("{}").post(passes(user)).then().statusCode(201);
        UUID pass = UUID.fromString(posting("{}").post(passes(user)).path("id"));
        var credentials = ServiceTestResource.topics().records(Topics.PASS_CREDENTIALS).stream()
                .filter(record -> record.key().equals(user.toString()))
                .toList();
        assertThat(credentials).hasSize(2);
        assertThat(ServiceTestResource.topics().records(Topics.PASSES).stream()
                        .filter(record -> record.key().equals(user.toString())))
                .hasSize(2)
                .allSatisfy(record ->
                        assertThat(record.headers().lastHeader("sealed")).isNull());
        SealedVerifier sealed = SealedVerifier.decode(
                credentials.get(1).headers().lastHeader("sealed").value());
        VerifierSeal seal = new VerifierSeal(KeyRing.load(keys().resolve("sealing")));
        assertThat(seal.open(sealed, pass, 2)).isInstanceOf(Verifier.Stretched.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> seal.open(sealed, pass, 1))
                .isInstanceOf(tap.codes.UnreadableVerifier.class);
    }

    @Test
    void a_strong_code_is_kept_without_an_argon2() {
        Surroundings.policy(true, false, 23, Surroundings.EVERYBODY, List.of());
        UUID user = user();
        UUID pass = UUID.fromString(posting("{}").post(passes(user)).path("id"));
        byte[] sealed = ServiceTestResource.topics().records(Topics.PASS_CREDENTIALS).stream()
                .filter(record -> record.key().equals(user.toString()))
                .findFirst()
                .orElseThrow()
                .headers()
                .lastHeader("sealed")
                .value();
        VerifierSeal seal = new VerifierSeal(KeyRing.load(keys().resolve("sealing")));
        assertThat(seal.open(SealedVerifier.decode(sealed), pass, 1)).isInstanceOf(Verifier.Keyed.class);
    }

    @Test
    void a_deactivated_or_removed_user_loses_the_pass() {
        UUID inactive = user();
        posting("{}").post(passes(inactive)).then().statusCode(201);
        Surroundings.change(inactive, false, "member", List.of(), List.of());
        revoked(inactive, "userInactive");
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(administrator().get(passes(inactive)).<List<Object>>path("value"))
                                .isEmpty());
        posting("{}").post(passes(inactive)).then().statusCode(400);

        UUID removed = user();
        posting("{}").post(passes(removed)).then().statusCode(201);
        Surroundings.remove(removed);
        revoked(removed, "userRemoved");
        administrator().get(passes(removed)).then().statusCode(404);
    }

    private static void revoked(UUID user, String reason) {
        Surroundings.await("SELECT count(*) FROM event WHERE type = 'pass-revoked.v1' AND payload ->> 'reason' = '"
                + reason + "' AND causation_id IS NOT NULL AND stream_id = '" + user + "'");
        Surroundings.await(
                "SELECT count(*) FROM allowance_copy WHERE withdrawn_at IS NOT NULL AND user_id = '" + user + "'");
    }

    private static java.nio.file.Path keys() {
        return org.eclipse.microprofile.config.ConfigProvider.getConfig()
                .getValue("tap.keys.directory", java.nio.file.Path.class);
    }
}
