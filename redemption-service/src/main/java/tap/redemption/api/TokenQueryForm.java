package tap.redemption.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The form of a request about a token (RFC 7662 §2.1, RFC 7009 §2.1), for the API's description. */
@Schema(name = "TokenQuery", requiredProperties = "token")
interface TokenQueryForm {
    /** Which token. */
    @JsonProperty("token")
    @Schema(description = "An access token; any other text is an unknown one")
    String token();

    /** What the client believes it to be. */
    @JsonProperty("token_type_hint")
    @Schema(description = "Ignored: there is one type of token")
    String tokenTypeHint();

    /** Which client. */
    @JsonProperty("client_id")
    @Schema(description = "Which client asks; may be left out where the header Authorization says it")
    String clientId();

    /** What a confidential client may authenticate with. */
    @JsonProperty("client_secret")
    @Schema(description = "A confidential client's secret, unless it is in the header Authorization (Basic)")
    String clientSecret();
}
