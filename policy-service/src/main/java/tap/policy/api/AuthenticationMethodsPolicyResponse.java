package tap.policy.api;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import tap.policy.domain.PolicySettings;

/** The parent of the policy, as Graph's {@code authenticationMethodsPolicy}. */
record AuthenticationMethodsPolicyResponse(
        @JsonProperty("@odata.context") String context,
        String id,
        String displayName,
        String description,
        List<PolicyResponse> authenticationMethodConfigurations) {
    static AuthenticationMethodsPolicyResponse of(String context, PolicySettings settings) {
        return new AuthenticationMethodsPolicyResponse(
                context,
                "authenticationMethodsPolicy",
                "Authentication Methods Policy",
                "The authentication methods that users can sign in with. Temporary Access Pass is the only one here.",
                List.of(PolicyResponse.of(null, settings)));
    }
}
