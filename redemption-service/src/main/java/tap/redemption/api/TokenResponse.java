package tap.redemption.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A token, as RFC 6749 §5.1 wants it.
 *
 * @param accessToken a JWT of RFC 9068
 * @param tokenType always {@code Bearer}
 * @param expiresIn seconds
 * @param scope what was granted, if anything was asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "TokenResponse")
public record TokenResponse(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") long expiresIn,
        @JsonProperty("scope") @Nullable String scope) {

    @Override
    public String toString() {
        return "TokenResponse[hidden]";
    }
}
