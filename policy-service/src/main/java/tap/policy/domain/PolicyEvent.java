package tap.policy.domain;

import java.time.Instant;

/** Everything that can happen to the policy. Each event holds the whole policy before and after, so that each tells its own story. */
public sealed interface PolicyEvent {
    /** The policy's revision with this event: the version of its stream. */
    long revision();

    /** The whole policy as it was. */
    PolicySettings before();

    /** The whole policy as it became; differs from {@link #before}. */
    PolicySettings after();

    /**
     * An administrator changed members of the policy.
     *
     * @param configuredAt when
     */
    record PolicyConfigured(long revision, PolicySettings before, PolicySettings after, Instant configuredAt)
            implements PolicyEvent {}

    /**
     * An administrator put the policy back to the defaults.
     *
     * @param resetAt when
     */
    record PolicyReset(long revision, PolicySettings before, PolicySettings after, Instant resetAt)
            implements PolicyEvent {}
}
