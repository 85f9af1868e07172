package tap.redemption.api;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.awaitility.Awaitility;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tap.contract.ContractJson;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.api.TokenEndpoint.Answer;
import tap.testkit.faults.SkewedClock;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.StatementCounter;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IssuedTokensIT {
    private static final String INTROSPECT = "/oauth2/introspect";
    private static final String REVOKE = "/oauth2/revoke";
    private static final String INACTIVE = "{\"active\":false}";

    private final TokenEndpoint tokens = new TokenEndpoint();
    private Upstream upstream;

    @BeforeAll
    void connect() {
        upstream = new Upstream();
    }

    @AfterAll
    void disconnect() {
        upstream.close();
    }

    @BeforeEach
    void policyIsEnabled() {
        upstream.configure(Upstream.policy(true, false, List.of()));
    }

    private Issued oneTime() {
        return strong(upstream.user(UUID.randomUUID() + "@example.com")).admitted();
    }

    private Upstream.Issue strong(UUID userId) {
        return upstream.issue(userId).length(23);
    }

    private String token(Issued issued) {
        return token(issued, "demo");
    }

    private String token(Issued issued, String client) {
        Map<String, String> form = TokenEndpoint.form(issued.userId().toString(), issued.code());
        form.put("client_id", client);
        Answer answer = tokens.post(TokenEndpoint.encoded(form));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().get("access_token").asText();
    }

    private Answer introspect(String token) {
        return tokens.postAs(
                "api", RedemptionProfile.NEW_SECRET, INTROSPECT, TokenEndpoint.encoded(Map.of("token", token)));
    }

    private void assertActive(String token) {
        Answer answer = introspect(token);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().get("active").asBoolean()).isTrue();
    }

    private void assertInactive(String token) {
        Answer answer = introspect(token);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(INACTIVE);
    }

    private static JsonNode claims(String token) throws Exception {
        return ContractJson.mapper().readTree(java.util.Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    @Test
    void an_active_token_is_answered_with_its_claims() throws Exception {
        Issued issued = oneTime();
        Map<String, String> form = TokenEndpoint.form(issued.userId().toString(), issued.code());
        form.put("scope", "enrol profile");
        String token = tokens.post(TokenEndpoint.encoded(form))
                .json()
                .get("access_token")
                .asText();

        Answer answer = introspect(token);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        JsonNode said = answer.json();
        JsonNode claims = claims(token);
        assertThat(said.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "active",
                        "iss",
                        "sub",
                        "aud",
                        "client_id",
                        "scope",
                        "exp",
                        "iat",
                        "jti",
                        "token_type",
                        "acr",
                        "amr",
                        "auth_time");
        assertThat(said.get("active").isBoolean()).isTrue();
        assertThat(said.get("token_type").asText()).isEqualTo("Bearer");
        claims.properties()
                .forEach(claim ->
                        assertThat(said.get(claim.getKey())).as(claim.getKey()).isEqualTo(claim.getValue()));
        assertThat(said.get("sub").asText()).isEqualTo(issued.userId().toString());
    }

    @Test
    void what_was_not_signed_here_is_unknown() throws Exception {
        String token = token(oneTime());
        String[] parts = token.split("\\.", -1);
        assertInactive("nonsense");
        assertInactive("a.b.c");
        assertInactive(parts[0] + "." + parts[1] + "." + "A".repeat(86));
        assertInactive(parts[0] + "." + parts[1].substring(1) + "." + parts[2]);
        assertInactive(parts[0] + "." + parts[1] + ".");
        assertInactive(token + " ");
        assertInactive("x".repeat(12_000));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair foreign = generator.generateKeyPair();
        JsonWebSignature forged = new JsonWebSignature();
        forged.setHeader("typ", "at+jwt");
        JsonWebSignature original = new JsonWebSignature();
        original.setCompactSerialization(token);
        forged.setKeyIdHeaderValue(original.getKeyIdHeaderValue());
        forged.setAlgorithmHeaderValue("ES256");
        forged.setPayload(claims(token).toString());
        forged.setKey(foreign.getPrivate());
        assertInactive(forged.getCompactSerialization());
        assertActive(token);
    }

    @Test
    void a_token_ends_with_its_time_by_the_databases_clock() throws Exception {
        String token = token(strong(upstream.user(UUID.randomUUID() + "@example.com"))
                .uses(null)
                .admitted());
        assertActive(token);
        try (SkewedClock clock = SkewedClock.of(upstream.database())) {
            clock.skew(Duration.ofMinutes(10));
            assertInactive(token);
        }
    }

    @Test
    void a_withdrawn_pass_takes_its_tokens_with_it() {
        Issued revoked = oneTime();
        String ofRevoked = token(revoked);
        Issued replaced = oneTime();
        String ofReplaced = token(replaced);
        upstream.revoke(revoked);
        Issued replacement =
                strong(replaced.userId()).replacing(replaced).uses(2).admitted();
        assertInactive(ofRevoked);
        assertInactive(ofReplaced);
        String ofReplacement = token(replacement);
        assertActive(ofReplacement);
        assertActive(token(replacement));
        upstream.revoke(replacement);
        assertInactive(ofReplacement);
    }

    @Test
    void a_spent_or_locked_pass_does_not() {
        String ofSpent = token(oneTime());
        assertActive(ofSpent);
        UUID userId = upstream.user(UUID.randomUUID() + "@example.com");
        Issued guessedAt = upstream.issue(userId).uses(null).admitted();
        String ofLocked = token(guessedAt);
        for (int i = 0; i < 10; i++) {
            tokens.redeem(userId.toString(), "00000000");
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(upstream.count(guessedAt.passId(), "pass-locked.v1"))
                        .isEqualTo(1));
        assertActive(ofLocked);
    }

    @Test
    void a_policy_that_changes_does_not() {
        String token = token(oneTime());
        upstream.configure(Upstream.policy(false, false, List.of()));
        assertActive(token);
    }

    @Test
    void who_is_deactivated_has_no_active_token() {
        Issued issued = oneTime();
        String token = token(issued);
        upstream.change(issued.userId(), false);
        assertInactive(token);
    }

    @Test
    void in_doubt_about_the_pass_a_token_is_inactive() {
        Issued issued = oneTime();
        String token = token(issued);
        upstream.skipAVersion(issued.userId());
        assertInactive(token);
    }

    @Test
    void a_client_learns_of_tokens_that_are_for_it_or_were_issued_to_it() {
        UUID userId = upstream.user(UUID.randomUUID() + "@example.com");
        Issued issued = strong(userId).uses(null).admitted();
        String forDemo = token(issued, "demo");
        String forTheIssuer = token(issued, "plain");
        assertActive(forDemo);
        assertInactive(forTheIssuer);
        String body = "token=" + forTheIssuer + "&token_type_hint=refresh_token";
        assertThat(tokens.postAs("other:api", RedemptionProfile.OTHER_SECRET, INTROSPECT, body)
                        .json()
                        .get("active")
                        .asBoolean())
                .isTrue();
        assertThat(tokens.postAs("other:api", RedemptionProfile.OTHER_SECRET, INTROSPECT, "token=" + forDemo)
                        .body())
                .isEqualTo(INACTIVE);
    }

    @Test
    void only_confidential_clients_may_ask() {
        String token = token(oneTime());
        for (Answer answer : List.of(
                tokens.postTo(INTROSPECT, "token=" + token),
                tokens.postTo(INTROSPECT, "client_id=demo&token=" + token),
                tokens.postTo(INTROSPECT, "client_id=nobody&client_secret=x&token=" + token),
                tokens.postAs("api", RedemptionProfile.OTHER_SECRET, INTROSPECT, "token=" + token))) {
            assertThat(answer.status()).as(answer.body()).isIn(400, 401);
            assertThat(answer.error()).isIn("invalid_client", "invalid_request");
        }
        Answer wrong = tokens.postTo(INTROSPECT, "client_id=demo&token=" + token);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.error()).isEqualTo("invalid_client");
        assertThat(wrong.header("www-authenticate")).isEqualTo("Basic realm=\"tap\"");
        Answer without = tokens.postAs("api", RedemptionProfile.NEW_SECRET, INTROSPECT, "");
        assertThat(without.status()).isEqualTo(400);
        assertThat(without.error()).isEqualTo("invalid_request");
    }

    @Test
    void an_introspection_costs_one_statement_and_of_a_forged_token_none() {
        String token = token(oneTime());
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            assertActive(token);
            assertThat(count(counter)).isEqualTo(1);
            counter.restart();
            assertInactive(token.substring(0, token.length() - 4) + "AAAA");
            assertThat(count(counter)).isZero();
        }
    }

    private Answer revoke(String client, String token) {
        return tokens.postTo(REVOKE, "client_id=" + client + "&token=" + token);
    }

    @Test
    void a_revoked_token_is_inactive_and_others_of_its_pass_are_not() throws Exception {
        Issued issued = strong(upstream.user(UUID.randomUUID() + "@example.com"))
                .uses(null)
                .admitted();
        String token = token(issued);
        String other = token(issued);

        Answer answer = revoke("demo", token + "&token_type_hint=anything");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertInactive(token);
        assertActive(other);
        assertThat(upstream.rows("SELECT actor || ' ' || payload::text FROM event WHERE type = 'token-revoked.v1'"
                        + " AND stream_id = '" + issued.passId() + "'"))
                .singleElement()
                .asString()
                .startsWith("demo {")
                .contains(claims(token).get("jti").asText());

        assertThat(revoke("demo", token).status()).isEqualTo(200);
        assertThat(upstream.count(issued.passId(), "token-revoked.v1")).isEqualTo(1);
        assertActive(token(issued));
    }

    @Test
    void revoked_by_many_at_the_same_moment_it_is_revoked_once() {
        Issued issued = oneTime();
        String token = token(issued);
        List<Answer> answers = tokens.postAtOnce(8, REVOKE, "client_id=demo&token=" + token);
        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(upstream.count(issued.passId(), "token-revoked.v1")).isEqualTo(1);
        assertInactive(token);
    }

    @Test
    void a_repeated_redemption_brings_no_revoked_token_back() {
        Issued issued = oneTime();
        Map<String, String> form = TokenEndpoint.form(issued.userId().toString(), issued.code());
        String key = UUID.randomUUID().toString();
        String token =
                tokens.redeemWithKey(form, key).json().get("access_token").asText();
        assertThat(revoke("demo", token).status()).isEqualTo(200);
        assertInactive(
                tokens.redeemWithKey(form, key).json().get("access_token").asText());
    }

    @Test
    void a_client_revokes_its_own_tokens_alone() {
        String token = token(oneTime());
        Answer others = revoke("plain", token);
        assertThat(others.status()).isEqualTo(400);
        assertThat(others.error()).isEqualTo("invalid_grant");
        assertThat(tokens.postAs("api", RedemptionProfile.NEW_SECRET, REVOKE, "token=" + token)
                        .error())
                .isEqualTo("invalid_grant");
        assertThat(revoke("nobody", token).error()).isEqualTo("invalid_client");
        assertThat(revoke("api", token).error()).isEqualTo("invalid_client");
        assertThat(tokens.postTo(REVOKE, "client_id=demo").error()).isEqualTo("invalid_request");
        assertActive(token);
    }

    @Test
    void a_confidential_client_revokes_what_was_issued_to_it() {
        Issued issued = oneTime();
        Map<String, String> form = TokenEndpoint.form(issued.userId().toString(), issued.code());
        form.put("client_id", "api");
        form.put("client_secret", RedemptionProfile.OLD_SECRET);
        String token = tokens.post(TokenEndpoint.encoded(form))
                .json()
                .get("access_token")
                .asText();
        assertActive(token);
        assertThat(tokens.postAs("api", RedemptionProfile.OLD_SECRET, REVOKE, "token=" + token)
                        .status())
                .isEqualTo(200);
        assertInactive(token);
    }

    @Test
    void what_is_no_active_token_is_revoked_without_an_event() {
        assertThat(revoke("demo", "nonsense").status()).isEqualTo(200);
        Issued issued = oneTime();
        String token = token(issued);
        upstream.revoke(issued);
        assertThat(revoke("demo", token).status()).isEqualTo(200);
        assertThat(upstream.count(issued.passId(), "token-revoked.v1")).isZero();
    }

    @Test
    void a_revocation_costs_two_statements_once_and_then_one() {
        String token = token(oneTime());
        try (StatementCounter counter = StatementCounter.of(upstream.database())) {
            revoke("demo", token);
            assertThat(count(counter)).isEqualTo(2);
            counter.restart();
            revoke("demo", token);
            assertThat(count(counter)).isEqualTo(1);
            counter.restart();
            revoke("demo", "nonsense");
            assertThat(count(counter)).isZero();
        }
    }

    // What is polled meanwhile is not of the request.
    private static long count(StatementCounter counter) {
        return counter.statements().entrySet().stream()
                .filter(entry -> entry.getKey().contains("max(e.version) AS issued")
                        || entry.getKey().contains("refuse_partial_append"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
