package tap.redemption.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tap.redemption.application.OAuthClient;
import tap.redemption.domain.RequestKey;

/** The header by which a request whose answer was lost can be repeated: 1 to 255 visible characters of ASCII. */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";

    private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");

    private IdempotencyKey() {}

    /**
     * By what a repetition is known: the client and its key; the scope may not differ.
     *
     * @param headers each value that was sent
     * @throws OAuthException if there are several or it is none
     */
    static @Nullable RequestKey of(List<String> headers, OAuthClient client, @Nullable String scope) {
        if (headers.isEmpty()) {
            return null;
        }
        if (headers.size() > 1 || !VISIBLE.matcher(headers.getFirst()).matches()) {
            throw OAuthError.invalidRequest("The " + HEADER + " is one value of 1 to 255 visible characters.")
                    .exception();
        }
        return new RequestKey(sha256(headers.getFirst() + ' ' + client.id()), sha256(scope == null ? "" : scope));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java runtime lacks SHA-256.", e);
        }
    }
}
