package tap.redemption.application;

import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The claims of an access token (RFC 9068 §2.2), by their names there. Times are seconds since the epoch.
 *
 * @param issuer this service's, as configured
 * @param userId whose pass was redeemed
 * @param audience for whom the token is
 * @param expiresAt from when it is not valid
 * @param issuedAt when the pass was redeemed
 * @param id the redemption's
 * @param clientId to whom it was issued
 * @param scope what the client asked for, or {@code null}
 * @param authenticatedAt when the pass was redeemed
 * @param acr whether the pass was for one use (RFC 9068 §2.2.1)
 * @param amr how the user was authenticated (RFC 8176)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TokenClaims(
        @JsonProperty("iss") String issuer,
        @JsonProperty("sub") UUID userId,
        @JsonProperty("aud") String audience,
        @JsonProperty("exp") long expiresAt,
        @JsonProperty("iat") long issuedAt,
        @JsonProperty("jti") UUID id,
        @JsonProperty("client_id") String clientId,
        @JsonProperty("scope") @Nullable String scope,
        @JsonProperty("auth_time") long authenticatedAt,
        @JsonProperty("acr") String acr,
        @JsonProperty("amr") List<String> amr) {
    /** Copies the list. */
    public TokenClaims {
        amr = List.copyOf(amr);
    }
}
