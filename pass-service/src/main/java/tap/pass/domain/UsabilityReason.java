package tap.pass.domain;

import java.time.Instant;

/**
 * Whether a pass is usable, and why or why not: Graph's {@code methodUsabilityReason}. The first that applies, in the order of the
 * constants.
 */
public enum UsabilityReason {
    /** Used as often as it may be. */
    ONE_TIME_USED("OneTimeUsed"),
    /** Its end has come. */
    EXPIRED("Expired"),
    /** The policy or the directory stands against it, or it was locked, revoked or fenced. */
    DISABLED_BY_POLICY("DisabledByPolicy"),
    /** Its start is to come, or redemption-service has not confirmed it. */
    NOT_YET_VALID("NotYetValid"),
    /** Usable. */
    ENABLED_BY_POLICY("EnabledByPolicy");

    private final String value;

    UsabilityReason(String value) {
        this.value = value;
    }

    /** As Graph writes it. */
    public String value() {
        return value;
    }

    /** {@code isUsable}. */
    public boolean usable() {
        return this == ENABLED_BY_POLICY;
    }

    /**
     * What policy and directory say of a user's passes now.
     *
     * @param allowed the policy is enabled and targets the user, who is active and not fenced
     * @param oneTimeOnly whether the policy allows one-time passes only
     */
    public record Terms(boolean allowed, boolean oneTimeOnly) {}

    /**
     * Judges a pass.
     *
     * @param revoked whether it was taken back
     * @param now the clock of the database that the rest was read from, in the same statement
     */
    public static UsabilityReason of(IssuedPass pass, boolean revoked, Allowance allowance, Terms terms, Instant now) {
        Integer limit = pass.maximumUses();
        if (allowance.spent() || (limit != null && allowance.uses() >= limit)) {
            return ONE_TIME_USED;
        }
        if (allowance.expired() || !now.isBefore(pass.endsAt())) {
            return EXPIRED;
        }
        boolean closed = revoked || allowance.locked() || allowance.withdrawn() || allowance.refused();
        boolean outOfPolicy = !terms.allowed() || (terms.oneTimeOnly() && !pass.isUsableOnce());
        if (closed || outOfPolicy) {
            return DISABLED_BY_POLICY;
        }
        boolean beforeStart = pass.startsAt() != null && now.isBefore(pass.startsAt());
        return beforeStart || !allowance.admitted() ? NOT_YET_VALID : ENABLED_BY_POLICY;
    }
}
