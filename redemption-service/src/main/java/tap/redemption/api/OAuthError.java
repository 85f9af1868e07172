package tap.redemption.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error in the form of RFC 6749 §5.2.
 *
 * @param status HTTP status
 * @param error RFC 6749's code
 * @param description for the client's developer; printable ASCII without quotes and backslashes
 * @param headers beside those that every answer of the token endpoint has
 */
public record OAuthError(int status, String error, String description, Map<String, String> headers) {

    /** The one answer to everything that is refused: wrong codes, unknown users, and passes that may not be used alike. */
    static final OAuthError REFUSED =
            new OAuthError(400, "invalid_grant", "The temporary access pass is not valid.", Map.of());

    /** The one answer to whoever tries too often, for every name the same. */
    static final OAuthError THROTTLED = new OAuthError(
            429, "temporarily_unavailable", "Too many attempts. Try again later.", Map.of("Retry-After", "60"));

    /** A client wants to revoke another's token (RFC 7009 §2.1): it may read in the token itself whose it is. */
    static final OAuthError NOT_ITS_TOKEN =
            new OAuthError(400, "invalid_grant", "The token was issued to another client.", Map.of());

    /** Copies the headers. */
    public OAuthError {
        headers = Map.copyOf(headers);
    }

    static OAuthError invalidRequest(String description) {
        return new OAuthError(400, "invalid_request", description, Map.of());
    }

    static OAuthError invalidRequest(int status, String description) {
        return new OAuthError(status, "invalid_request", description, Map.of());
    }

    /** The client is unknown, or did not authenticate as it must: 401 and a challenge (RFC 6749 §5.2, RFC 9110 §15.5.2). */
    static OAuthError invalidClient(String description) {
        return new OAuthError(401, "invalid_client", description, Map.of("WWW-Authenticate", "Basic realm=\"tap\""));
    }

    static OAuthError unsupportedGrantType(String expected) {
        return new OAuthError(400, "unsupported_grant_type", "The grant type must be " + expected + ".", Map.of());
    }

    static OAuthError invalidScope() {
        return new OAuthError(400, "invalid_scope", "The client may not ask for this scope.", Map.of());
    }

    static OAuthError unavailable(Duration retryAfter) {
        return new OAuthError(
                503,
                "temporarily_unavailable",
                "The service cannot answer now. Try again.",
                Map.of("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
    }

    static OAuthError unexpected() {
        return new OAuthError(500, "server_error", "The service failed unexpectedly.", Map.of());
    }

    /** The members of the answer, in order. */
    Map<String, String> body() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("error", error);
        body.put("error_description", description);
        return body;
    }

    /** This error, to be thrown. */
    OAuthException exception() {
        return new OAuthException(this);
    }
}
