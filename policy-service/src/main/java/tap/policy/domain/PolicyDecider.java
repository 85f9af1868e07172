package tap.policy.domain;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.policy.domain.PolicyCommand.ConfigurePolicy;
import tap.policy.domain.PolicyCommand.ResetPolicy;
import tap.policy.domain.PolicyEvent.PolicyConfigured;
import tap.policy.domain.PolicyEvent.PolicyReset;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;
import tap.policy.domain.PolicySettings.TargetType;

import static tap.policy.domain.PolicySettings.ALL_USERS;
import static tap.policy.domain.PolicySettings.LONGEST_CODE;
import static tap.policy.domain.PolicySettings.LONGEST_LIFETIME;
import static tap.policy.domain.PolicySettings.SHORTEST_CODE;
import static tap.policy.domain.PolicySettings.SHORTEST_LIFETIME;

/** The rules of the policy: every result is consistent, and a change that changes nothing is no event. */
public final class PolicyDecider implements Decider<PolicyCommand, Policy, PolicyEvent, PolicyRejection> {
    private static final Pattern DIRECTORY_ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    @Override
    public Policy initial() {
        return new Policy.Untouched();
    }

    @Override
    public Decision<PolicyEvent, PolicyRejection> decide(PolicyCommand command, Policy policy) {
        return switch (command) {
            case ConfigurePolicy configure -> configure(configure, policy);
            case ResetPolicy reset ->
                policy.settings().equals(PolicySettings.DEFAULTS)
                        ? Decision.nothing()
                        : Decision.accept(new PolicyReset(
                                policy.revision() + 1, policy.settings(), PolicySettings.DEFAULTS, reset.at()));
        };
    }

    @Override
    public Policy evolve(Policy policy, PolicyEvent event) {
        return switch (event) {
            case PolicyConfigured configured -> new Policy.Configured(configured.revision(), configured.after());
            case PolicyReset reset -> new Policy.Reset(reset.revision(), reset.after());
        };
    }

    private static Decision<PolicyEvent, PolicyRejection> configure(ConfigurePolicy configure, Policy policy) {
        PolicySettings before = policy.settings();
        PolicySettings after = configure.change().applyTo(before);
        if (after.equals(before)) {
            return Decision.nothing();
        }
        return inconsistency(configure.change(), after)
                .map(Decision::<PolicyEvent, PolicyRejection>reject)
                .orElseGet(() ->
                        Decision.accept(new PolicyConfigured(policy.revision() + 1, before, after, configure.at())));
    }

    private static Optional<PolicyRejection> inconsistency(PolicyChange change, PolicySettings after) {
        return Stream.of(lifetimes(change, after), length(after), included(after), excluded(after))
                .flatMap(Optional::stream)
                .findFirst();
    }

    // Of two members that contradict one another, the one that the administrator touched is to blame.
    private static Optional<PolicyRejection> lifetimes(PolicyChange change, PolicySettings after) {
        int minimum = after.minimumLifetimeInMinutes();
        int maximum = after.maximumLifetimeInMinutes();
        return within("minimumLifetimeInMinutes", minimum, SHORTEST_LIFETIME, LONGEST_LIFETIME)
                .or(() -> within("maximumLifetimeInMinutes", maximum, SHORTEST_LIFETIME, LONGEST_LIFETIME))
                .or(() -> change.minimumLifetimeInMinutes() == null
                        ? within("maximumLifetimeInMinutes", maximum, minimum, LONGEST_LIFETIME)
                        : within("minimumLifetimeInMinutes", minimum, SHORTEST_LIFETIME, maximum))
                .or(() -> within("defaultLifetimeInMinutes", after.defaultLifetimeInMinutes(), minimum, maximum));
    }

    private static Optional<PolicyRejection> length(PolicySettings after) {
        return within("defaultLength", after.defaultLength(), SHORTEST_CODE, LONGEST_CODE);
    }

    private static Optional<PolicyRejection> within(String property, int value, int least, int most) {
        return value >= least && value <= most
                ? Optional.empty()
                : Optional.of(new PolicyRejection.OutOfRange(property, value, least, most));
    }

    private static Optional<PolicyRejection> included(PolicySettings after) {
        return after.includeTargets().stream()
                .map(PolicyDecider::misnamed)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<PolicyRejection> misnamed(IncludeTarget target) {
        if (target.id().equals(ALL_USERS)) {
            return target.targetType() == TargetType.GROUP
                    ? Optional.empty()
                    : Optional.of(new PolicyRejection.AllUsersMisplaced("includeTargets"));
        }
        return directoryId("includeTargets", target.id());
    }

    private static Optional<PolicyRejection> excluded(PolicySettings after) {
        return after.excludeTargets().stream()
                .map(PolicyDecider::misnamed)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<PolicyRejection> misnamed(ExcludeTarget target) {
        return target.id().equals(ALL_USERS)
                ? Optional.of(new PolicyRejection.AllUsersMisplaced("excludeTargets"))
                : directoryId("excludeTargets", target.id());
    }

    private static Optional<PolicyRejection> directoryId(String property, String id) {
        return DIRECTORY_ID.matcher(id).matches()
                ? Optional.empty()
                : Optional.of(new PolicyRejection.TargetIdMalformed(property));
    }
}
