package tap.policy.publishing;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tap.eventsourcing.EventCodec;
import tap.policy.domain.Policy;
import tap.policy.domain.PolicyEvent;
import tap.policy.domain.PolicyEvent.PolicyConfigured;
import tap.policy.domain.PolicyEvent.PolicyReset;
import tap.policy.domain.PolicySettings;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;
import tap.policy.domain.PolicySettings.State;
import tap.policy.domain.PolicySettings.TargetType;

import static org.assertj.core.api.Assertions.assertThat;

class StoredPolicyTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
    private static final String GROUP = "0190b3f2-0000-7000-8000-000000000001";
    private static final String USER = "0190b3f2-0000-7000-8000-000000000002";
    private static final PolicySettings OTHER = new PolicySettings(
            State.ENABLED,
            30,
            10,
            43_200,
            12,
            true,
            List.of(new IncludeTarget(TargetType.GROUP, GROUP, true)),
            List.of(new ExcludeTarget(TargetType.USER, USER)));
    private static final PolicyConfigured CONFIGURED = new PolicyConfigured(1, PolicySettings.DEFAULTS, OTHER, NOON);
    private static final PolicyReset RESET = new PolicyReset(2, OTHER, PolicySettings.DEFAULTS, NOON);

    @ParameterizedTest
    @MethodSource("events")
    void every_event_is_read_as_it_was_written(PolicyEvent event) {
        assertThat(StoredPolicy.EVENTS.read(StoredPolicy.EVENTS.write(event))).isEqualTo(event);
    }

    static Stream<PolicyEvent> events() {
        return Stream.of(CONFIGURED, RESET);
    }

    @Test
    void there_is_an_example_of_every_event() {
        assertThat(events().map(Object::getClass))
                .containsExactlyInAnyOrder(PolicyEvent.class.getPermittedSubclasses());
    }

    @Test
    void policy_configured_is_stored_as_this_and_nothing_else() {
        EventCodec.Written written = StoredPolicy.EVENTS.write(CONFIGURED);
        assertThat(written.type()).isEqualTo("policy-configured.v1");
        assertThat(written.payload()).isEqualTo("""
                {"revision":1,"policy":{"state":"enabled","defaultLifetimeInMinutes":30,"minimumLifetimeInMinutes":10,\
                "maximumLifetimeInMinutes":43200,"defaultLength":12,"isUsableOnce":true,\
                "includeTargets":[{"targetType":"group","id":"0190b3f2-0000-7000-8000-000000000001",\
                "isRegistrationRequired":true}],\
                "excludeTargets":[{"targetType":"user","id":"0190b3f2-0000-7000-8000-000000000002"}]},\
                "changes":[{"member":"state","from":"disabled","to":"enabled"},\
                {"member":"defaultLifetimeInMinutes","from":60,"to":30},\
                {"member":"minimumLifetimeInMinutes","from":60,"to":10},\
                {"member":"maximumLifetimeInMinutes","from":480,"to":43200},\
                {"member":"defaultLength","from":8,"to":12},{"member":"isUsableOnce","from":false,"to":true},\
                {"member":"includeTargets","from":[{"targetType":"group","id":"all_users",\
                "isRegistrationRequired":false}],"to":[{"targetType":"group",\
                "id":"0190b3f2-0000-7000-8000-000000000001","isRegistrationRequired":true}]},\
                {"member":"excludeTargets","from":[],"to":[{"targetType":"user",\
                "id":"0190b3f2-0000-7000-8000-000000000002"}]}],"configuredAt":"2026-01-02T12:00:00.123456Z"}""");
        assertThat(written.sealed()).isNull();
    }

    @Test
    void policy_reset_names_only_what_changed() {
        PolicySettings enabled = new PolicySettings(
                State.ENABLED,
                60,
                60,
                480,
                8,
                false,
                PolicySettings.DEFAULTS.includeTargets(),
                PolicySettings.DEFAULTS.excludeTargets());
        EventCodec.Written written =
                StoredPolicy.EVENTS.write(new PolicyReset(2, enabled, PolicySettings.DEFAULTS, NOON));
        assertThat(written.type()).isEqualTo("policy-reset.v1");
        assertThat(written.payload())
                .contains("\"changes\":[{\"member\":\"state\",\"from\":\"enabled\",\"to\":\"disabled\"}]");
    }

    @ParameterizedTest
    @MethodSource("states")
    void every_state_is_read_as_it_was_written(Policy policy) {
        var written = StoredPolicy.HEAD.write(policy);
        assertThat(StoredPolicy.HEAD.read(written.json(), written.sealed())).isEqualTo(policy);
        assertThat(written.partitionKey()).isEqualTo("temporary-access-pass-policy");
        assertThat(written.ended()).isFalse();
    }

    static Stream<Policy> states() {
        return Stream.of(new Policy.Configured(1, OTHER), new Policy.Reset(2, PolicySettings.DEFAULTS));
    }
}
