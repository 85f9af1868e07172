package tap.redemption.api;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request to an OAuth endpoint. Unknown ones are ignored, empty ones count as left out, repeated ones are an error
 * (RFC 6749 §3.2).
 */
final class OAuthForm {
    static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

    private static final int MOST_PARAMETERS = 32;
    private static final Set<String> KNOWN = Set.of(
            "grant_type",
            "username",
            "temporary_access_pass",
            "client_id",
            "scope",
            "token",
            "token_type_hint",
            "client_secret",
            "client_assertion",
            "client_assertion_type");

    private final Map<String, String> parameters;

    private OAuthForm(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a form.
     *
     * @param contentType the header, or {@code null}
     * @param body as it was sent
     * @throws OAuthException saying what is wrong
     */
    static OAuthForm of(@Nullable String contentType, byte[] body) {
        if (contentType == null || !mediaType(contentType).equals(MEDIA_TYPE)) {
            throw OAuthError.invalidRequest("The content type must be " + MEDIA_TYPE + ".")
                    .exception();
        }
        return new OAuthForm(parameters(body));
    }

    /** The parameter, or {@code null} if it was left out. */
    @Nullable
    String optional(String name) {
        return parameters.get(name);
    }

    /**
     * The parameter.
     *
     * @throws OAuthException naming it, if it was left out
     */
    String required(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw OAuthError.invalidRequest("The parameter " + name + " is missing.")
                    .exception();
        }
        return value;
    }

    /**
     * The text that is form-urlencoded so; empty if it is none, or has a control character: PostgreSQL takes no U+0000, and no name,
     * code or secret has any other.
     */
    static Optional<String> decoded(String encoded) {
        try {
            String text = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
            return text.chars().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static String mediaType(String contentType) {
        int end = contentType.indexOf(';');
        return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
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
            String name = decoded(equals < 0 ? pair : pair.substring(0, equals)).orElseThrow(OAuthForm::malformed);
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1)).orElseThrow(OAuthForm::malformed);
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

    private static OAuthException malformed() {
        return OAuthError.invalidRequest("The body is no form in UTF-8 without control characters.")
                .exception();
    }

    @Override
    public String toString() {
        return "OAuthForm[hidden]";
    }
}
