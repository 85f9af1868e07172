package tap.policy.domain;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tap.policy.domain.PolicySettings.ExcludeTarget;
import tap.policy.domain.PolicySettings.IncludeTarget;

/**
 * What an administrator wants to be different; {@code null} leaves a member as it is. A list that is present replaces the whole list.
 * Kept partial up to the decision, so that two administrators who change different members never undo one another.
 */
public record PolicyChange(
        PolicySettings.@Nullable State state,
        @Nullable Integer defaultLifetimeInMinutes,
        @Nullable Integer minimumLifetimeInMinutes,
        @Nullable Integer maximumLifetimeInMinutes,
        @Nullable Integer defaultLength,
        @Nullable Boolean isUsableOnce,
        @Nullable List<IncludeTarget> includeTargets,
        @Nullable List<ExcludeTarget> excludeTargets) {
    /** Leaves everything as it is. */
    public static final PolicyChange NONE = new PolicyChange(null, null, null, null, null, null, null, null);

    /** The settings with this change made, consistent or not. */
    public PolicySettings applyTo(PolicySettings before) {
        return new PolicySettings(
                or(state, before.state()),
                or(defaultLifetimeInMinutes, before.defaultLifetimeInMinutes()),
                or(minimumLifetimeInMinutes, before.minimumLifetimeInMinutes()),
                or(maximumLifetimeInMinutes, before.maximumLifetimeInMinutes()),
                or(defaultLength, before.defaultLength()),
                or(isUsableOnce, before.isUsableOnce()),
                or(includeTargets, before.includeTargets()),
                or(excludeTargets, before.excludeTargets()));
    }

    private static <T> T or(@Nullable T wanted, T before) {
        return wanted == null ? before : wanted;
    }
}
