package tap.pass.api;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tap.pass.application.PassCommands.IssueOutcome;
import tap.pass.domain.Allowance;
import tap.pass.domain.IssuedPass;
import tap.pass.domain.UsabilityReason;
import tap.pass.projections.passdetails.PassDetails.ShownPass;

/**
 * A pass as Graph's {@code temporaryAccessPassAuthenticationMethod}; {@code maximumUses}, {@code usageCount} and
 * {@code lastUsedDateTime} are ours.
 *
 * @param context only where it is not an element of a list
 * @param odataType only where elements of several types may stand
 * @param temporaryAccessPass the code, in the answer that issues it; {@code null} ever after
 */
record PassResponse(
        @JsonProperty("@odata.context") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String context,

        @JsonProperty("@odata.type") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String odataType,

        String id,
        boolean isUsable,
        String methodUsabilityReason,
        @Nullable String temporaryAccessPass,
        String createdDateTime,
        String startDateTime,
        long lifetimeInMinutes,
        boolean isUsableOnce,
        @Nullable Integer maximumUses,
        int usageCount,
        @Nullable String lastUsedDateTime) {
    static final String TYPE = "#microsoft.graph.temporaryAccessPassAuthenticationMethod";

    /** A pass that was issued just now: the one answer with its code. */
    static PassResponse issued(@Nullable String context, IssueOutcome.Issued issued) {
        Allowance allowance = issued.allowance();
        // the policy allowed it in the statement that issued it
        UsabilityReason.Terms terms =
                new UsabilityReason.Terms(true, issued.pass().isUsableOnce());
        UsabilityReason reason = UsabilityReason.of(issued.pass(), false, allowance, terms, issued.now());
        return of(context, null, issued.pass(), allowance, reason, issued.code().clearText());
    }

    /** One pass. */
    static PassResponse one(String context, ShownPass shown) {
        return of(context, null, shown.pass(), shown.allowance(), shown.reason(), null);
    }

    /** One method, which may be of several types. */
    static PassResponse oneMethod(String context, ShownPass shown) {
        return of(context, TYPE, shown.pass(), shown.allowance(), shown.reason(), null);
    }

    /** An element of a list of passes. */
    static PassResponse element(ShownPass shown) {
        return of(null, null, shown.pass(), shown.allowance(), shown.reason(), null);
    }

    /** An element of a list of methods of all types. */
    static PassResponse method(ShownPass shown) {
        return of(null, TYPE, shown.pass(), shown.allowance(), shown.reason(), null);
    }

    private static PassResponse of(
            @Nullable String context,
            @Nullable String odataType,
            IssuedPass pass,
            Allowance allowance,
            UsabilityReason reason,
            @Nullable String code) {
        Instant lastUsed = allowance.lastUsedAt();
        return new PassResponse(
                context,
                odataType,
                pass.passId().toString(),
                reason.usable(),
                reason.value(),
                code,
                pass.createdAt().toString(),
                pass.shownStart().toString(),
                pass.lifetime().toMinutes(),
                pass.isUsableOnce(),
                pass.maximumUses(),
                allowance.uses(),
                lastUsed == null ? null : lastUsed.toString());
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "PassResponse[" + id + "]";
    }
}
