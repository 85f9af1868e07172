package tap.pass.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tap.pass.domain.Explanation;

/**
 * Why a pass was usable at a moment, or why not; ours, Graph has nothing like it.
 *
 * @param id the pass
 * @param userId whose
 * @param atDateTime the moment
 * @param policyRevision the policy that held; 0 before anybody configured one
 * @param checks all must be met
 */
record ExplanationResponse(
        @JsonProperty("@odata.context") String context,
        String id,
        String userId,
        String atDateTime,
        boolean isUsable,
        String methodUsabilityReason,
        long policyRevision,
        List<CheckResponse> checks) {

    /**
     * A check.
     *
     * @param name what has to be so
     * @param saw what it was judged by
     */
    record CheckResponse(String name, boolean isMet, Map<String, @Nullable Object> saw) {}

    static ExplanationResponse of(String context, UUID pass, PassReader.There there, Explanation explanation) {
        return new ExplanationResponse(
                context,
                pass.toString(),
                there.userId().toString(),
                there.then().at().toString(),
                explanation.reason().usable(),
                explanation.reason().value(),
                there.then().terms().revision(),
                explanation.checks().stream()
                        .map(check -> new CheckResponse(check.name(), check.met(), check.saw()))
                        .toList());
    }
}
