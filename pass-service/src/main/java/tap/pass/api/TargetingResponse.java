package tap.pass.api;

import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import tap.graph.odata.ODataContext;
import tap.pass.domain.PolicyAndDirectory;

/**
 * What policy and directory say of a user; ours, Graph has nothing like it.
 *
 * @param userId who
 * @param asOfDateTime when
 * @param policyRevision the policy that held; 0 before anybody configured one
 * @param groupIds the user's groups, those that these are in included
 */
record TargetingResponse(
        @JsonProperty("@odata.context") String context,
        String userId,
        String asOfDateTime,
        long policyRevision,
        boolean isPolicyEnabled,
        boolean isIncluded,
        boolean isExcluded,
        boolean isTargeted,
        boolean isActive,
        @Nullable String kind,
        List<String> groupIds) {

    static TargetingResponse of(ODataContext odata, String user, PassReader.There there) {
        PolicyAndDirectory terms = there.then().terms();
        return new TargetingResponse(
                odata.targeting(user),
                there.userId().toString(),
                there.then().at().toString(),
                terms.revision(),
                terms.enabled(),
                terms.included(),
                terms.excluded(),
                terms.targeted(),
                terms.active(),
                terms.kind(),
                terms.groupIds().stream().map(UUID::toString).sorted().toList());
    }
}
