package tap.contract;

import java.util.List;

/**
 * The Temporary Access Pass policy as a whole; names, ranges and defaults are Graph's
 * {@code temporaryAccessPassAuthenticationMethodConfiguration}.
 *
 * @param state {@code enabled} or {@code disabled}
 * @param defaultLifetimeInMinutes between minimum and maximum
 * @param minimumLifetimeInMinutes 10 to 43,200
 * @param maximumLifetimeInMinutes 10 to 43,200
 * @param defaultLength length of a code, 8 to 48 characters
 * @param isUsableOnce {@code true}: every pass is one-time
 * @param includeTargets who may have a pass
 * @param excludeTargets who may not; wins over include
 */
public record PolicyV1(
        String state,
        int defaultLifetimeInMinutes,
        int minimumLifetimeInMinutes,
        int maximumLifetimeInMinutes,
        int defaultLength,
        boolean isUsableOnce,
        List<IncludeTarget> includeTargets,
        List<ExcludeTarget> excludeTargets) {

    /**
     * A user or group that the policy includes.
     *
     * @param targetType {@code group} or {@code user}
     * @param id a directory id, or {@code all_users} with {@code group}
     * @param isRegistrationRequired kept for Graph's clients; without effect here
     */
    public record IncludeTarget(String targetType, String id, boolean isRegistrationRequired) {}

    /**
     * A user or group that the policy excludes.
     *
     * @param targetType {@code group} or {@code user}
     * @param id a directory id
     */
    public record ExcludeTarget(String targetType, String id) {}
}
