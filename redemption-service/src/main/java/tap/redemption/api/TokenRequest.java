package tap.redemption.api;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A request to the token endpoint with the extension grant of temporary access passes (RFC 6749 §4.5). Unknown parameters are
 * ignored, empty ones count as left out, repeated ones are an error (RFC 6749 §3.2).
 *
 * @param username a user's id or user name
 * @param code what was submitted as the code
 * @param clientId the public client that asks
 * @param scope what it asks for, or {@code null}
 */
record TokenRequest(
        String username,
        String code,
        String clientId,
        @Nullable String scope) {
    static final String GRANT_TYPE = "urn:tap:grant-type:temporary-access-pass";

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int MOST_PARAMETERS = 32;
    private static final List<String> CLIENT_AUTHENTICATION =
            List.of("client_secret", "client_assertion", "client_assertion_type");
    private static final Set<String> KNOWN = Set.of(
            "grant_type",
            "username",
            "temporary_access_pass",
            "client_id",
            "scope",
            "client_secret",
            "client_assertion",
            "client_assertion_type");

    /**
     * Reads a form.
     *
     * @param contentType the header, or {@code null}
     * @param authorization the header, or {@code null}
     * @param body as it was sent
     * @throws OAuthException saying what is wrong; it looks at the form alone, never at users or passes
     */
    static TokenRequest of(@Nullable String contentType, @Nullable String authorization, byte[] body) {
        if (contentType == null || !mediaType(contentType).equals(FORM)) {
            throw OAuthError.invalidRequest("The content type must be " + FORM + ".")
                    .exception();
        }
        Map<String, String> form = parameters(body);
        String grantType = required(form, "grant_type");
        if (!grantType.equals(GRANT_TYPE)) {
            throw OAuthError.unsupportedGrantType(GRANT_TYPE).exception();
        }
        if (authorization != null || CLIENT_AUTHENTICATION.stream().anyMatch(form::containsKey)) {
            throw OAuthError.invalidClient("A public client sends its client_id and no credentials.")
                    .exception();
        }
        return new TokenRequest(
                required(form, "username"),
                required(form, "temporary_access_pass"),
                required(form, "client_id"),
                form.get("scope"));
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static String required(Map<String, String> form, String name) {
        String value = form.get(name);
        if (value == null) {
            throw OAuthError.invalidRequest("The parameter " + name + " is missing.")
                    .exception();
        }
        return value;
    }

    private static Map<String, String> parameters(byte[] body) {
        Map<String, String> form = new HashMap<>();
        int pairs = 0;
        for (String pair : utf8(body).split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++pairs > MOST_PARAMETERS) {
                throw OAuthError.invalidRequest("There are too many parameters.")
                        .exception();
            }
            int equals = pair.indexOf('=');
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            if (!value.isEmpty() && form.put(name, value) != null && KNOWN.contains(name)) {
                throw OAuthError.invalidRequest("A parameter is repeated.").exception();
            }
        }
        return form;
    }

    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    // PostgreSQL takes no U+0000, and no name or code has any control character.
    private static String decoded(String encoded) {
        String text;
        try {
            text = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw malformed();
        }
        return text;
    }

    private static OAuthException malformed() {
        return OAuthError.invalidRequest("The body is no form in UTF-8 without control characters.")
                .exception();
    }

    @Override
    public String toString() {
        return "TokenRequest[hidden]";
    }
}
