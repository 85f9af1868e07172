package tap.redemption.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import org.awaitility.Awaitility;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tap.contract.PolicyV1;
import tap.redemption.RedemptionProfile;
import tap.redemption.Upstream;
import tap.redemption.Upstream.Issued;
import tap.redemption.api.TokenEndpoint.Answer;
import tap.testkit.infrastructure.ServiceTestResource;
import tap.testkit.infrastructure.ServiceTimeouts;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@TestProfile(RedemptionProfile.class)
@QuarkusTestResource(
        value = ServiceTestResource.class,
        initArgs = @ResourceArg(name = "database", value = "tap_redemption"))
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedemptionIT {
    @Inject
    Pool pool;

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
        if (!upstream.rows("SELECT (enabled AND NOT is_usable_once AND excluded_users = '{}')::text FROM policy_copy")
                .equals(List.of("true"))) {
            upstream.configure(Upstream.policy(true, false, List.of()));
        }
    }

    private UUID user() {
        return upstream.user(UUID.randomUUID() + "@example.com");
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("{\"error\":\"invalid_grant\",\"error_description\":"
                        + "\"The temporary access pass is not valid.\"}");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    private static String wrong(String code) {
        return (code.charAt(0) == '7' ? "8" : "7") + code.substring(1);
    }

    @Test
    void a_pass_is_redeemed_for_a_token_of_rfc_9068() throws Exception {
        String name = "Ada." + UUID.randomUUID() + "@Example.com";
        UUID userId = upstream.user(name);
        Issued issued = upstream.issue(userId).admitted();

        Map<String, String> form = TokenEndpoint.form(
                name.toUpperCase(java.util.Locale.ROOT), issued.code().toLowerCase(java.util.Locale.ROOT));
        form.put("scope", "enrol profile");
        Answer answer = tokens.post(TokenEndpoint.encoded(form));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(answer.header("pragma")).isEqualTo("no-cache");
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.json().get("token_type").asText()).isEqualTo("Bearer");
        assertThat(answer.json().get("expires_in").asLong()).isEqualTo(600);
        assertThat(answer.json().get("scope").asText()).isEqualTo("enrol profile");
        assertThat(answer.json().has("refresh_token")).isFalse();
        JsonWebSignature token = verified(answer.json().get("access_token").asText());
        assertThat(token.getHeader("typ")).isEqualTo("at+jwt");
        assertThat(token.getAlgorithmHeaderValue()).isEqualTo("ES256");
        JwtClaims claims = JwtClaims.parse(token.getPayload());
        assertThat(claims.getIssuer()).isEqualTo("http://localhost:8080");
        assertThat(claims.getSubject()).isEqualTo(userId.toString());
        assertThat(claims.getAudience()).containsExactly("https://demo.example");
        assertThat(claims.getStringClaimValue("client_id")).isEqualTo("demo");
        assertThat(claims.getStringClaimValue("scope")).isEqualTo("enrol profile");
        assertThat(claims.getStringClaimValue("acr")).isEqualTo("urn:tap:acr:one-time");
        assertThat(claims.getStringListClaimValue("amr")).containsExactly("otp", "mfa");
        assertThat(claims.getExpirationTime().getValue() - claims.getIssuedAt().getValue())
                .isEqualTo(600);
        assertThat(claims.getClaimValue("auth_time"))
                .isEqualTo(claims.getIssuedAt().getValue());
        assertThat(upstream.rows("SELECT event_id::text FROM event WHERE type = 'pass-redeemed.v1' AND stream_id = '"
                        + issued.passId() + "'"))
                .containsExactly(claims.getJwtId());
        assertThat(upstream.history(issued.passId()))
                .containsExactly("pass-admitted.v1", "pass-redeemed.v1", "pass-spent.v1");

        assertRefused(tokens.redeem(name, issued.code()));
        assertThat(upstream.history(issued.passId())).hasSize(3);
    }

    private JsonWebSignature verified(String jwt) throws Exception {
        Answer keys = tokens.send(java.net.http.HttpRequest.newBuilder(TokenEndpoint.at("/.well-known/jwks.json"))
                .build());
        assertThat(keys.status()).isEqualTo(200);
        assertThat(keys.body()).doesNotContain("\"d\"");
        JsonWebSignature token = new JsonWebSignature();
        token.setCompactSerialization(jwt);
        token.setKey(new JsonWebKeySet(keys.body())
                .findJsonWebKey(token.getKeyIdHeaderValue(), null, "sig", null)
                .getKey());
        assertThat(token.verifySignature()).isTrue();
        return token;
    }

    @Test
    void a_multi_use_pass_and_a_client_without_an_audience() throws Exception {
        UUID userId = user();
        Instant end = Instant.now().plusSeconds(90);
        Issued issued = upstream.issue(userId).uses(2).length(23).endingAt(end).admitted();
        Map<String, String> form = TokenEndpoint.form(userId.toString(), issued.code());
        form.put("client_id", "plain");

        Answer first = tokens.post(TokenEndpoint.encoded(form));
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.json().get("expires_in").asLong()).isBetween(1L, 90L);
        JwtClaims claims = JwtClaims.parse(
                verified(first.json().get("access_token").asText()).getPayload());
        assertThat(claims.getAudience()).containsExactly("http://localhost:8080");
        assertThat(claims.getStringClaimValue("acr")).isEqualTo("urn:tap:acr:multi-use");
        assertThat(claims.getStringListClaimValue("amr")).containsExactly("otp");
        assertThat(claims.getExpirationTime().getValue()).isLessThanOrEqualTo(end.getEpochSecond());

        assertThat(tokens.post(TokenEndpoint.encoded(form)).status()).isEqualTo(200);
        assertRefused(tokens.post(TokenEndpoint.encoded(form)));
        assertThat(upstream.history(issued.passId()))
                .containsExactly("pass-admitted.v1", "pass-redeemed.v1", "pass-redeemed.v1", "pass-spent.v1");
    }

    @Test
    void sixteen_correct_redemptions_of_a_16_use_pass_at_the_same_moment_all_succeed() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(16).admitted();

        List<Answer> answers = tokens.redeemAtOnceAndAgain(16, userId.toString(), issued.code());

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(upstream.count(issued.passId(), "pass-redeemed.v1")).isEqualTo(16);
        assertThat(upstream.count(issued.passId(), "pass-spent.v1")).isEqualTo(1);
        assertRefused(tokens.redeem(userId.toString(), issued.code()));
    }

    @Test
    void of_32_redemptions_of_a_one_time_pass_at_the_same_moment_one_succeeds() {
        for (int length : new int[] {8, 23}) {
            UUID userId = user();
            Issued issued = upstream.issue(userId).length(length).admitted();

            List<Answer> answers = tokens.redeemAtOnceAndAgain(32, userId.toString(), issued.code());

            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() != 200)
                    .allSatisfy(answer -> assertThat(answer.status()).isIn(400, 429));
            assertThat(upstream.history(issued.passId()))
                    .containsExactly("pass-admitted.v1", "pass-redeemed.v1", "pass-spent.v1");
        }
    }

    private JwtClaims claims(Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JwtClaims.parse(
                verified(answer.json().get("access_token").asText()).getPayload());
    }

    @Test
    void a_repeated_request_gets_the_same_redemption_also_of_a_spent_pass() throws Exception {
        for (int length : new int[] {8, 23}) {
            UUID userId = user();
            Issued issued = upstream.issue(userId).length(length).admitted();
            Map<String, String> form = TokenEndpoint.form(userId.toString(), issued.code());
            form.put("scope", "enrol");
            String key = UUID.randomUUID().toString();

            JwtClaims first = claims(tokens.redeemWithKey(form, key));
            // the first answer is gone: all that is known of it was committed, and is in the database
            Answer again = tokens.redeemWithKey(form, key);

            assertThat(claims(again).getClaimsMap()).isEqualTo(first.getClaimsMap());
            assertThat(again.json().get("scope").asText()).isEqualTo("enrol");
            assertThat(upstream.history(issued.passId()))
                    .containsExactly("pass-admitted.v1", "pass-redeemed.v1", "pass-spent.v1");
            assertThat(upstream.rows("SELECT coalesce(cardinality(places) + cardinality(failures), 0)::text"
                            + " FROM guessing WHERE key = '" + userId + "' AND cardinality(places) > 0"))
                    .isEmpty();
            assertThat(upstream.rows("SELECT payload::text || state::text FROM event JOIN head USING (stream_id)"
                            + " WHERE stream_id = '" + issued.passId() + "'"))
                    .noneMatch(stored -> stored.contains(key));

            assertRefused(tokens.redeemWithKey(form, key + "x"));
            assertRefused(tokens.redeem(userId.toString(), issued.code()));
            form.put("temporary_access_pass", wrong(issued.code()));
            assertRefused(tokens.redeemWithKey(form, key));
            form.put("temporary_access_pass", issued.code());
            form.remove("scope");
            assertRefused(tokens.redeemWithKey(form, key));
            form.put("scope", "enrol");
            form.put("client_id", "plain");
            form.remove("scope");
            assertRefused(tokens.redeemWithKey(form, key));
        }
    }

    @Test
    void a_repetition_of_a_withdrawn_pass_is_refused() throws Exception {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(2).admitted();
        Map<String, String> form = TokenEndpoint.form(userId.toString(), issued.code());
        claims(tokens.redeemWithKey(form, "key"));
        upstream.revoke(issued);
        assertRefused(tokens.redeemWithKey(form, "key"));
    }

    @Test
    void of_requests_with_one_key_at_the_same_moment_one_uses_the_pass() throws Exception {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(3).length(23).admitted();
        java.util.Set<String> ids = new java.util.HashSet<>();
        for (Answer answer : tokens.redeemAtOnceWithKey(8, userId.toString(), issued.code(), "key")) {
            ids.add(claims(answer).getJwtId());
        }
        assertThat(ids).hasSize(1);
        assertThat(upstream.history(issued.passId())).containsExactly("pass-admitted.v1", "pass-redeemed.v1");
    }

    @Test
    void the_policy_of_the_moment_is_obeyed() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).uses(null).admitted();
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);

        upstream.configure(Upstream.policy(false, false, List.of()));
        assertRefused(tokens.redeem(userId.toString(), issued.code()));
        upstream.configure(Upstream.policy(true, true, List.of()));
        assertRefused(tokens.redeem(userId.toString(), issued.code()));
        upstream.configure(
                Upstream.policy(true, false, List.of(new PolicyV1.ExcludeTarget("user", userId.toString()))));
        assertRefused(tokens.redeem(userId.toString(), issued.code()));
        upstream.configure(Upstream.policy(true, false, List.of()));
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
    }

    @Test
    void a_replaced_pass_is_withdrawn_with_the_admission_of_the_new_one() {
        UUID userId = user();
        Issued old = upstream.issue(userId).admitted();
        Issued replacement = upstream.issue(userId).replacing(old).admitted();

        assertThat(upstream.history(old.passId())).containsExactly("pass-admitted.v1", "pass-withdrawn.v1");
        assertThat(upstream.rows("SELECT count(DISTINCT xid::text) FROM event WHERE stream_id IN ('" + old.passId()
                        + "', '" + replacement.passId() + "') AND (type = 'pass-withdrawn.v1' OR stream_id = '"
                        + replacement.passId() + "')"))
                .containsExactly("1");
        assertRefused(tokens.redeem(userId.toString(), old.code()));
        assertThat(tokens.redeem(userId.toString(), replacement.code()).status())
                .isEqualTo(200);
    }

    @Test
    void a_revocation_is_answered_whatever_it_finds() {
        UUID userId = user();
        upstream.revoke(userId, UUID.randomUUID());
        Issued spent = upstream.issue(userId).admitted();
        assertThat(tokens.redeem(userId.toString(), spent.code()).status()).isEqualTo(200);
        upstream.revoke(spent);
        upstream.revoke(spent);
        assertThat(upstream.rows("SELECT payload->>'finalState' FROM event WHERE type = 'pass-withdrawn.v1'"
                        + " AND stream_id = '" + spent.passId() + "'"))
                .containsExactly("spent", "spent");
    }

    @Test
    void expiry_becomes_a_fact_at_the_end_of_the_pass() {
        UUID userId = user();
        Instant end = Instant.now().plusMillis(1_500);
        Issued issued = upstream.issue(userId).endingAt(end).admitted();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> upstream.history(issued.passId()).contains("pass-expired.v1"));
        assertThat(upstream.rows("SELECT (occurred_at - '" + end + "'::timestamptz BETWEEN '0 s' AND '2 s')::text"
                        + " FROM event WHERE type = 'pass-expired.v1' AND stream_id = '" + issued.passId() + "'"))
                .containsExactly("true");
        upstream.await("SELECT count(*)::text FROM open_allowance WHERE pass_id = '" + issued.passId() + "'", "0");
        assertThat(upstream.rows("SELECT (sealed IS NULL)::text FROM head WHERE stream_id = '" + issued.passId() + "'"))
                .containsExactly("true");
        assertRefused(tokens.redeem(userId.toString(), issued.code()));
    }

    @Test
    void every_event_reaches_kafka_without_a_sealed_part() {
        UUID userId = user();
        Issued issued = upstream.issue(userId).admitted();
        assertThat(tokens.redeem(userId.toString(), issued.code()).status()).isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(upstream.topics().records(tap.contract.Topics.REDEMPTIONS))
                        .filteredOn(record -> userId.toString().equals(record.key()))
                        .extracting(record -> new String(
                                record.headers().lastHeader("ce_type").value(),
                                java.nio.charset.StandardCharsets.UTF_8))
                        .containsExactly("tap.pass-admitted.v1", "tap.pass-redeemed.v1", "tap.pass-spent.v1"));
        assertThat(upstream.topics().records(tap.contract.Topics.REDEMPTIONS))
                .allSatisfy(record ->
                        assertThat(record.headers().lastHeader("sealed")).isNull());
    }

    @Test
    void its_connections_have_the_time_outs_that_a_frozen_pod_is_tested_with() {
        assertThat(ServiceTimeouts.inForceOn(pool)).isEqualTo(ServiceTimeouts.SETTINGS);
    }
}
