package tap.policy.domain;

import java.time.Instant;

/** Everything that can be asked of the policy. */
public sealed interface PolicyCommand {
    /**
     * Change some members.
     *
     * @param change the members
     * @param at now
     */
    record ConfigurePolicy(PolicyChange change, Instant at) implements PolicyCommand {}

    /**
     * Go back to the defaults.
     *
     * @param at now
     */
    record ResetPolicy(Instant at) implements PolicyCommand {}
}
