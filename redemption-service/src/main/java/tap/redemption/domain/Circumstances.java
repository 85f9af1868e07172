package tap.redemption.domain;

/**
 * What the policy and the directory say at the moment of a redemption (graph-contract: a policy change is not retroactive on
 * stored passes, but usability is judged against the policy of the moment).
 *
 * @param policyEnabled whether the policy is enabled
 * @param oneTimeOnly whether it admits one-time passes only
 * @param userActive whether the user exists and is active
 * @param userTargeted whether the policy includes the user and does not exclude them
 * @param fenced whether a message about the user, their pass or the policy could not be applied: nothing is decided in the
 *     user's favour then
 */
public record Circumstances(
        boolean policyEnabled, boolean oneTimeOnly, boolean userActive, boolean userTargeted, boolean fenced) {}
