package tap.redemption.publishing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tap.eventsourcing.EventCodec;
import tap.eventsourcing.SealedPart;
import tap.eventsourcing.StateCodec;
import tap.redemption.domain.Allowance;
import tap.redemption.domain.AllowanceEvent;
import tap.redemption.domain.FinalState;
import tap.redemption.domain.KeyedUse;
import tap.redemption.domain.RefusalReason;
import tap.redemption.domain.RequestKey;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.redemption.domain.Passes.NOON;
import static tap.redemption.domain.Passes.PASS;
import static tap.redemption.domain.Passes.USER;
import static tap.redemption.domain.Passes.VERIFIER;
import static tap.redemption.domain.Passes.admitted;
import static tap.redemption.domain.Passes.jti;
import static tap.redemption.domain.Passes.oneTime;
import static tap.redemption.domain.Passes.redeemed;
import static tap.redemption.domain.Passes.startingAt;
import static tap.redemption.domain.Passes.uses;

class StoredAllowanceTest {

    private static final RequestKey KEY = new RequestKey("a1", "b2");

    private static final Map<String, AllowanceEvent> EVENTS = Map.of(
            "pass-admitted.v1", admitted(startingAt(NOON)),
            "admission-refused.v1", new AllowanceEvent.AdmissionRefused(USER, PASS, RefusalReason.RESTORED, NOON),
            "pass-redeemed.v1", redeemed(uses(3), 2, KEY, NOON),
            "pass-spent.v1", new AllowanceEvent.PassSpent(USER, PASS, 3, NOON),
            "pass-expired.v1", new AllowanceEvent.PassExpired(USER, PASS, 1, NOON),
            "pass-locked.v1", new AllowanceEvent.PassLocked(USER, PASS, 1, 10, NOON),
            "pass-withdrawn.v1", new AllowanceEvent.PassWithdrawn(USER, PASS, FinalState.LOCKED, 1, NOON),
            "token-revoked.v1", new AllowanceEvent.TokenRevoked(USER, PASS, "demo", jti(1), NOON));

    static Stream<Map.Entry<String, AllowanceEvent>> events() {
        return EVENTS.entrySet().stream();
    }

    static Stream<Allowance> states() {
        return Stream.of(
                new Allowance.Open(startingAt(NOON), 0, VERIFIER, List.of()),
                new Allowance.Open(uses(3), 2, null, List.of(new KeyedUse(KEY, jti(2), NOON))),
                new Allowance.Spent(oneTime(), 1, VERIFIER, List.of(new KeyedUse(KEY, jti(1), NOON))),
                new Allowance.Expired(USER, PASS, 2),
                new Allowance.Locked(USER, PASS, 2),
                new Allowance.Refused(USER, PASS, RefusalReason.EXPIRED),
                new Allowance.Withdrawn(USER, PASS, FinalState.SPENT, 1));
    }

    @ParameterizedTest
    @MethodSource("events")
    void an_event_keeps_its_stored_name_and_comes_back_as_it_was(Map.Entry<String, AllowanceEvent> named) {
        EventCodec.Written written = StoredAllowance.EVENTS.write(named.getValue());
        assertThat(written.type()).isEqualTo(named.getKey());
        assertThat(StoredAllowance.EVENTS.read(written)).isEqualTo(named.getValue());
    }

    @Test
    void every_event_is_among_them() {
        assertThat(EVENTS.values().stream().map(Object::getClass).collect(Collectors.<Object>toSet()))
                .isEqualTo(Set.of((Object[]) AllowanceEvent.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pass-admitted.v1",
                "pass-admitted.v1.absent",
                "admission-refused.v1",
                "pass-redeemed.v1",
                "pass-redeemed.v1.absent",
                "pass-spent.v1",
                "pass-expired.v1",
                "pass-locked.v1",
                "token-revoked.v1",
                "pass-withdrawn.v1"
            })
    void a_golden_payload_comes_back_byte_for_byte(String name) throws IOException {
        Path golden =
                Path.of(System.getProperty("tap.root"), "event-contract/src/test/resources/golden", name + ".json");
        EventCodec.Written written = new EventCodec.Written(
                name.replace(".absent", ""), Files.readString(golden).strip(), null);
        assertThat(StoredAllowance.EVENTS.write(StoredAllowance.EVENTS.read(written)))
                .isEqualTo(written);
    }

    @Test
    void the_payload_is_the_public_record() {
        assertThat(StoredAllowance.EVENTS.write(redeemed(uses(3), 2, KEY, NOON)).payload())
                .isEqualTo("{\"userId\":\"" + USER + "\",\"passId\":\"" + PASS
                        + "\",\"use\":2,\"maximumUses\":3,\"clientId\":\"demo\",\"jti\":\"" + jti(2)
                        + "\",\"redeemedAt\":\"2026-11-23T12:00:00Z\"}");
    }

    @Test
    void the_verifier_is_beside_the_payload_never_in_it() {
        EventCodec.Written written = StoredAllowance.EVENTS.write(admitted(oneTime()));
        assertThat(written.sealed()).isEqualTo(SealedPart.of(VERIFIER.encoded()));
        assertThat(written.payload()).doesNotContain("verifier").contains("\"issuedVersion\":3");
    }

    @Test
    void a_redemption_brings_the_id_of_its_token_as_its_own() {
        assertThat(StoredAllowance.EVENTS.id(redeemed(uses(3), 2, NOON))).contains(jti(2));
    }

    @ParameterizedTest
    @MethodSource("states")
    void a_head_comes_back_as_it_was(Allowance state) {
        StateCodec.Written written = StoredAllowance.HEAD.write(state);
        assertThat(written.json()).doesNotContain("verifier");
        assertThat(written.partitionKey()).isEqualTo(USER.toString());
        assertThat(written.ended()).isEqualTo(state instanceof Allowance.Withdrawn);
        assertThat(StoredAllowance.HEAD.read(written.json(), written.sealed())).isEqualTo(state);
    }
}
