package tap.pass.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Whether a pass was usable at a moment, and every check that this hangs on, each with what it saw. The checks are those of {@link
 * UsabilityReason}, in its order: usable is a pass that meets them all.
 *
 * @param reason the first that applied
 * @param checks all of them
 */
public record Explanation(UsabilityReason reason, List<Check> checks) {
    /** Copies the checks. */
    public Explanation {
        checks = List.copyOf(checks);
    }

    /**
     * One check.
     *
     * @param name what has to be so
     * @param met whether it was
     * @param saw by the names that events and answers use, what it was judged by
     */
    public record Check(String name, boolean met, Map<String, @Nullable Object> saw) {}

    /**
     * What became of a pass in the stream of its user.
     *
     * @param replacedBy the pass that took its place, or {@code null}
     * @param revoked why it was taken back, or {@code null}: it was not
     */
    public record Ending(
            @Nullable UUID replacedBy, @Nullable RevocationReason revoked) {
        /** Whether it is the user's pass no longer. */
        public boolean ended() {
            return replacedBy != null || revoked != null;
        }
    }

    /**
     * Judges a pass, as it was known at a moment.
     *
     * @param at the moment, in UTC
     */
    public static Explanation of(
            IssuedPass pass, Ending ending, Allowance allowance, PolicyAndDirectory terms, Instant at) {
        Checks checks = new Checks();
        Integer limit = pass.maximumUses();
        checks.check("usesAreLeft", !allowance.spent() && (limit == null || allowance.uses() < limit))
                .saw("usageCount", allowance.uses())
                .saw("maximumUses", limit)
                .saw("isSpent", allowance.spent());
        checks.check("endIsToCome", !allowance.expired() && at.isBefore(pass.endsAt()))
                .saw("endDateTime", pass.endsAt().toString())
                .saw("isExpired", allowance.expired());
        checks.check("notReplaced", ending.replacedBy() == null)
                .saw(
                        "replacedBy",
                        ending.replacedBy() == null ? null : ending.replacedBy().toString());
        checks.check("notRevoked", ending.revoked() == null)
                .saw(
                        "reason",
                        ending.revoked() == null ? null : ending.revoked().value());
        checks.check("notLocked", !allowance.locked()).saw("isLocked", allowance.locked());
        checks.check("notWithdrawn", !allowance.withdrawn()).saw("isWithdrawn", allowance.withdrawn());
        checks.check("admissionNotRefused", !allowance.refused()).saw("isRefused", allowance.refused());
        checks.check("policyIsEnabled", terms.enabled()).saw("policyRevision", terms.revision());
        checks.check("policyTargetsUser", terms.targeted())
                .saw("isIncluded", terms.included())
                .saw("isExcluded", terms.excluded());
        checks.check("userIsActive", terms.active())
                .saw("isKnown", terms.known())
                .saw("isActive", terms.active());
        checks.check("userIsNoExternalGuest", !terms.externalGuest()).saw("kind", terms.kind());
        checks.check("messagesAreApplied", !terms.fenced()).saw("isFenced", terms.fenced());
        checks.check("policyAllowsThisType", !terms.oneTimeOnly() || pass.isUsableOnce())
                .saw("policyIsUsableOnce", terms.oneTimeOnly())
                .saw("isUsableOnce", pass.isUsableOnce());
        checks.check("startHasCome", pass.startsAt() == null || !at.isBefore(pass.startsAt()))
                .saw(
                        "startDateTime",
                        pass.startsAt() == null ? null : pass.startsAt().toString());
        checks.check("admitted", allowance.admitted()).saw("isAdmitted", allowance.admitted());
        return new Explanation(
                UsabilityReason.of(pass, ending.ended(), allowance, terms.terms(), at), List.copyOf(checks.made));
    }

    private static final class Checks {
        private final List<Check> made = new ArrayList<>();

        Saw check(String name, boolean met) {
            Map<String, @Nullable Object> saw = new LinkedHashMap<>();
            made.add(new Check(name, met, saw));
            return new Saw(saw);
        }
    }

    private record Saw(Map<String, @Nullable Object> values) {
        Saw saw(String name, @Nullable Object value) {
            values.put(name, value);
            return this;
        }
    }
}
