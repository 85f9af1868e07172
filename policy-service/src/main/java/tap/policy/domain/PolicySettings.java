package tap.policy.domain;

import java.util.List;

/**
 * The policy as a whole. Names, ranges and defaults are those of Graph's
 * {@code temporaryAccessPassAuthenticationMethodConfiguration}; lifetimes in minutes, the length in characters.
 *
 * @param state whether passes can be issued and used at all
 * @param defaultLifetimeInMinutes between minimum and maximum
 * @param minimumLifetimeInMinutes 10 to 43,200, at most the maximum
 * @param maximumLifetimeInMinutes 10 to 43,200
 * @param defaultLength 8 to 48
 * @param isUsableOnce true: every pass is one-time; false: each pass may be either
 * @param includeTargets who may have a pass
 * @param excludeTargets who may not; wins over include
 */
public record PolicySettings(
        State state,
        int defaultLifetimeInMinutes,
        int minimumLifetimeInMinutes,
        int maximumLifetimeInMinutes,
        int defaultLength,
        boolean isUsableOnce,
        List<IncludeTarget> includeTargets,
        List<ExcludeTarget> excludeTargets) {
    /** The shortest lifetime a policy may name. */
    public static final int SHORTEST_LIFETIME = 10;

    /** The longest lifetime a policy may name: 30 days. */
    public static final int LONGEST_LIFETIME = 43_200;

    /** The shortest code a policy may ask for. */
    public static final int SHORTEST_CODE = 8;

    /** The longest code a policy may ask for. */
    public static final int LONGEST_CODE = 48;

    /** The id that stands for everybody; it goes with {@link TargetType#GROUP}. */
    public static final String ALL_USERS = "all_users";

    /** What holds as long as nobody has configured anything. */
    public static final PolicySettings DEFAULTS = new PolicySettings(
            State.DISABLED,
            60,
            60,
            480,
            8,
            false,
            List.of(new IncludeTarget(TargetType.GROUP, ALL_USERS, false)),
            List.of());

    /** Copies the lists. */
    public PolicySettings {
        includeTargets = List.copyOf(includeTargets);
        excludeTargets = List.copyOf(excludeTargets);
    }

    /** Whether the method is on. */
    public enum State {
        /** Passes can be issued and used. */
        ENABLED,
        /** None can. */
        DISABLED
    }

    /** What a target's id names. */
    public enum TargetType {
        /** A group and everybody in it, directly or through other groups. */
        GROUP,
        /** One user. */
        USER
    }

    /**
     * A user or group that the policy includes.
     *
     * @param id a directory id, or {@link #ALL_USERS}
     * @param isRegistrationRequired kept for Graph's clients; without effect here
     */
    public record IncludeTarget(TargetType targetType, String id, boolean isRegistrationRequired) {}

    /**
     * A user or group that the policy excludes.
     *
     * @param id a directory id
     */
    public record ExcludeTarget(TargetType targetType, String id) {}
}
