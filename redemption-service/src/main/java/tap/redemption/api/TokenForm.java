package tap.redemption.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The form of a token request, for the API's description; {@link TokenRequest} reads it. */
@Schema(
        name = "TokenRequest",
        requiredProperties = {"grant_type", "username", "temporary_access_pass"})
interface TokenForm {
    /** Which grant. */
    @JsonProperty("grant_type")
    @Schema(enumeration = TokenRequest.GRANT_TYPE)
    String grantType();

    /** Whose pass. */
    @JsonProperty("username")
    @Schema(description = "A user's id or user name")
    String username();

    /** The code. */
    @JsonProperty("temporary_access_pass")
    @Schema(description = "The code, as it was shown; case, spaces and hyphens do not matter")
    String temporaryAccessPass();

    /** Which client. */
    @JsonProperty("client_id")
    @Schema(description = "Which client asks; may be left out where the header Authorization says it")
    String clientId();

    /** What a confidential client may authenticate with. */
    @JsonProperty("client_secret")
    @Schema(description = "A confidential client's secret, unless it is in the header Authorization (Basic)")
    String clientSecret();

    /** What is asked for. */
    @JsonProperty("scope")
    @Schema(description = "Scopes that the client may ask for, separated by blanks")
    String scope();
}
