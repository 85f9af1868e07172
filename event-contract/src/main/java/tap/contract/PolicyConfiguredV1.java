package tap.contract;

import java.time.Instant;
import java.util.List;

/**
 * {@code policy-configured.v1}: an administrator changed the policy.
 *
 * @param revision the policy's revision, equal to the stream's version
 * @param policy the whole policy as it became
 * @param changes the members that changed, at least one
 * @param configuredAt when
 */
public record PolicyConfiguredV1(long revision, PolicyV1 policy, List<MemberChange> changes, Instant configuredAt)
        implements PublicEvent {}
