package tap.redemption.api;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tap.redemption.application.TokenClaims;

/**
 * What RFC 7662 §2.2 says of a token: its claims, or that it is not active and nothing else.
 *
 * @param active whether it can be used
 * @param tokenType always {@code Bearer}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "IntrospectionResponse", requiredProperties = "active")
public record IntrospectionResponse(
        @JsonProperty("active") boolean active,
        @JsonProperty("iss") @Nullable String issuer,
        @JsonProperty("sub") @Nullable String subject,
        @JsonProperty("aud") @Nullable String audience,
        @JsonProperty("client_id") @Nullable String clientId,
        @JsonProperty("scope") @Nullable String scope,
        @JsonProperty("exp") @Nullable Long expiresAt,
        @JsonProperty("iat") @Nullable Long issuedAt,
        @JsonProperty("jti") @Nullable String id,
        @JsonProperty("token_type") @Nullable String tokenType,
        @JsonProperty("acr") @Nullable String acr,
        @JsonProperty("amr") @Nullable List<String> amr,
        @JsonProperty("auth_time") @Nullable Long authenticatedAt) {

    static final IntrospectionResponse INACTIVE =
            new IntrospectionResponse(false, null, null, null, null, null, null, null, null, null, null, null, null);

    static IntrospectionResponse active(TokenClaims claims) {
        return new IntrospectionResponse(
                true,
                claims.issuer(),
                claims.userId().toString(),
                claims.audience(),
                claims.clientId(),
                claims.scope(),
                claims.expiresAt(),
                claims.issuedAt(),
                claims.id().toString(),
                "Bearer",
                claims.acr(),
                claims.amr(),
                claims.authenticatedAt());
    }
}
