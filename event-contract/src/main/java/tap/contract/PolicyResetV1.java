package tap.contract;

import java.time.Instant;
import java.util.List;

/**
 * {@code policy-reset.v1}: an administrator put the policy back to its defaults.
 *
 * @param revision the policy's revision, equal to the stream's version
 * @param policy the defaults
 * @param changes the members that changed, at least one
 * @param resetAt when
 */
public record PolicyResetV1(long revision, PolicyV1 policy, List<MemberChange> changes, Instant resetAt)
        implements PublicEvent {}
