package tap.redemption.api;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;
import tap.redemption.application.Refusal;

/**
 * A refusal as administrators see it.
 *
 * @param id the {@code request-id} of the answer that the client got
 * @param createdDateTime when
 * @param reason why: {@code wrongCode}, {@code expired}, {@code throttled} …
 * @param passId the pass that the user had then, or {@code null}
 * @param clientId the OAuth client that asked
 */
@Schema(name = "Refusal")
public record RefusalResponse(
        String id,
        String createdDateTime,
        String reason,
        @Nullable String passId,
        String clientId) {

    private static final Pattern LATER_WORD = Pattern.compile("_([a-z])");

    static RefusalResponse of(Refusal refusal) {
        Instant at = refusal.at();
        return new RefusalResponse(
                refusal.requestId().toString(),
                at.toString(),
                camelCase(refusal.reason()),
                refusal.passId() == null ? null : refusal.passId().toString(),
                refusal.clientId());
    }

    // wrong_code → wrongCode, as Graph writes the members of an enumeration
    private static String camelCase(String reason) {
        return LATER_WORD.matcher(reason).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
    }
}
