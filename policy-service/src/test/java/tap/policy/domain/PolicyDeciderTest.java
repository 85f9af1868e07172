package tap.policy.domain;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tap.policy.domain.PolicyCommand.ConfigurePolicy;
import tap.policy.domain.PolicyCommand.ResetPolicy;
import tap.policy.domain.PolicyEvent.PolicyConfigured;
import tap.policy.domain.PolicyEvent.PolicyReset;
import tap.policy.domain.PolicyRejection.AllUsersMisplaced;
import tap.policy.domain.PolicyRejection.OutOfRange;
import tap.policy.domain.PolicyRejection.TargetIdMalformed;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;
import tap.policy.domain.PolicySettings.State;
import tap.policy.domain.PolicySettings.TargetType;
import tap.testkit.DeciderSpecification;

class PolicyDeciderTest extends DeciderSpecification<PolicyCommand, Policy, PolicyEvent, PolicyRejection> {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final String SOMEBODY = "0190b3f2-0000-7000-8000-000000000001";
    private static final PolicySettings DEFAULTS = PolicySettings.DEFAULTS;
    private static final PolicySettings ENABLED = enabled().applyTo(DEFAULTS);

    PolicyDeciderTest() {
        super(new PolicyDecider());
    }

    @Nested
    class WhenUntouched {
        @Test
        void the_defaults_hold() {
            given().thenState(new Policy.Untouched());
        }

        @Test
        void enabling_it_changes_the_state_alone() {
            given().when(configure(enabled())).then(new PolicyConfigured(1, DEFAULTS, ENABLED, NOON));
        }

        @Test
        void asking_for_what_holds_changes_nothing() {
            given().when(configure(PolicyChange.NONE)).thenNothing();
            given().when(configure(lifetimes(60, 60, 480))).thenNothing();
        }

        @Test
        void resetting_it_changes_nothing() {
            given().when(new ResetPolicy(NOON)).thenNothing();
        }

        @Test
        void minimum_equal_to_maximum_is_legal() {
            PolicySettings after = lifetimes(60, 60, 60).applyTo(DEFAULTS);
            given().when(configure(lifetimes(60, 60, 60))).then(new PolicyConfigured(1, DEFAULTS, after, NOON));
        }

        @Test
        void the_outermost_lifetimes_are_legal() {
            PolicySettings after = lifetimes(10, 10, 43_200).applyTo(DEFAULTS);
            given().when(configure(lifetimes(10, 10, 43_200))).then(new PolicyConfigured(1, DEFAULTS, after, NOON));
        }

        @Test
        void a_minimum_out_of_range_is_refused() {
            given().when(configure(lifetimes(null, 9, null)))
                    .thenRejected(new OutOfRange("minimumLifetimeInMinutes", 9, 10, 43_200));
        }

        @Test
        void a_maximum_out_of_range_is_refused() {
            given().when(configure(lifetimes(null, null, 43_201)))
                    .thenRejected(new OutOfRange("maximumLifetimeInMinutes", 43_201, 10, 43_200));
        }

        @Test
        void a_default_outside_of_minimum_and_maximum_is_refused() {
            given().when(configure(lifetimes(481, null, null)))
                    .thenRejected(new OutOfRange("defaultLifetimeInMinutes", 481, 60, 480));
            given().when(configure(lifetimes(59, null, null)))
                    .thenRejected(new OutOfRange("defaultLifetimeInMinutes", 59, 60, 480));
        }

        @Test
        void a_minimum_that_leaves_the_default_outside_is_refused() {
            given().when(configure(lifetimes(null, 61, null)))
                    .thenRejected(new OutOfRange("defaultLifetimeInMinutes", 60, 61, 480));
        }

        @Test
        void a_minimum_above_the_maximum_is_to_blame_when_it_was_changed() {
            given().when(configure(lifetimes(null, 481, null)))
                    .thenRejected(new OutOfRange("minimumLifetimeInMinutes", 481, 10, 480));
        }

        @Test
        void a_maximum_below_the_minimum_is_to_blame_when_it_alone_was_changed() {
            given().when(configure(lifetimes(null, null, 30)))
                    .thenRejected(new OutOfRange("maximumLifetimeInMinutes", 30, 60, 43_200));
        }

        @ParameterizedTest
        @ValueSource(ints = {7, 49, -1, Integer.MAX_VALUE})
        void a_length_out_of_range_is_refused(int length) {
            given().when(configure(length(length))).thenRejected(new OutOfRange("defaultLength", length, 8, 48));
        }

        @Test
        void all_users_is_no_user() {
            given().when(configure(included(new IncludeTarget(TargetType.USER, "all_users", false))))
                    .thenRejected(new AllUsersMisplaced("includeTargets"));
        }

        @Test
        void all_users_cannot_be_excluded() {
            given().when(configure(excluded(new ExcludeTarget(TargetType.GROUP, "all_users"))))
                    .thenRejected(new AllUsersMisplaced("excludeTargets"));
        }

        @Test
        void a_target_is_named_by_a_directory_id() {
            given().when(configure(included(new IncludeTarget(TargetType.USER, "ada@example.org", false))))
                    .thenRejected(new TargetIdMalformed("includeTargets"));
            given().when(configure(excluded(new ExcludeTarget(TargetType.USER, "ada@example.org"))))
                    .thenRejected(new TargetIdMalformed("excludeTargets"));
        }

        @Test
        void a_list_replaces_the_whole_list() {
            PolicyChange change = included(new IncludeTarget(TargetType.USER, SOMEBODY, true));
            given().when(configure(change)).then(new PolicyConfigured(1, DEFAULTS, change.applyTo(DEFAULTS), NOON));
        }

        @Test
        void nobody_may_be_included() {
            given().when(configure(included()))
                    .then(new PolicyConfigured(1, DEFAULTS, included().applyTo(DEFAULTS), NOON));
        }
    }

    @Nested
    class WhenConfigured {
        private final PolicyConfigured enabling = new PolicyConfigured(1, DEFAULTS, ENABLED, NOON);

        @Test
        void another_member_is_changed_without_undoing_the_first() {
            given(enabling)
                    .when(new ConfigurePolicy(length(12), LATER))
                    .then(new PolicyConfigured(2, ENABLED, length(12).applyTo(ENABLED), LATER));
        }

        @Test
        void the_same_change_again_is_no_event() {
            given(enabling).when(configure(enabled())).thenNothing();
        }

        @Test
        void a_refused_change_leaves_it_as_it_was() {
            given(enabling).when(configure(length(99))).thenRejected(new OutOfRange("defaultLength", 99, 8, 48));
            given(enabling).thenState(new Policy.Configured(1, ENABLED));
        }

        @Test
        void resetting_brings_the_defaults_back() {
            given(enabling)
                    .when(new ResetPolicy(LATER))
                    .then(new PolicyReset(2, ENABLED, DEFAULTS, LATER))
                    .leadingTo(new Policy.Reset(2, DEFAULTS));
        }
    }

    @Nested
    class WhenReset {
        @Test
        void it_can_be_configured_again() {
            given(new PolicyConfigured(1, DEFAULTS, ENABLED, NOON), new PolicyReset(2, ENABLED, DEFAULTS, NOON))
                    .when(new ConfigurePolicy(enabled(), LATER))
                    .then(new PolicyConfigured(3, DEFAULTS, ENABLED, LATER));
        }

        @Test
        void resetting_it_again_changes_nothing() {
            given(new PolicyConfigured(1, DEFAULTS, ENABLED, NOON), new PolicyReset(2, ENABLED, DEFAULTS, NOON))
                    .when(new ResetPolicy(LATER))
                    .thenNothing();
        }
    }

    private static ConfigurePolicy configure(PolicyChange change) {
        return new ConfigurePolicy(change, NOON);
    }

    private static PolicyChange enabled() {
        return new PolicyChange(State.ENABLED, null, null, null, null, null, null, null);
    }

    private static PolicyChange lifetimes(
            @Nullable Integer preset, @Nullable Integer minimum, @Nullable Integer maximum) {
        return new PolicyChange(null, preset, minimum, maximum, null, null, null, null);
    }

    private static PolicyChange length(int length) {
        return new PolicyChange(null, null, null, null, length, null, null, null);
    }

    private static PolicyChange included(IncludeTarget... targets) {
        return new PolicyChange(null, null, null, null, null, null, List.of(targets), null);
    }

    private static PolicyChange excluded(ExcludeTarget... targets) {
        return new PolicyChange(null, null, null, null, null, null, null, List.of(targets));
    }
}
