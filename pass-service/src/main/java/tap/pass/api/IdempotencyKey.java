package tap.pass.api;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;

/**
 * The header by which a client can repeat a request whose answer it has lost.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP header field</a>
 */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";

    // the draft's form is a quoted string; most clients send it bare
    private static final Pattern KEY = Pattern.compile("\"([!#-~]{1,255})\"|([!#-~]{1,255})");

    private IdempotencyKey() {}

    /** The key of a request, or null if it brings none; 400 for what is none. */
    static @Nullable String of(List<String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        var matcher = KEY.matcher(headers.getFirst().strip());
        if (headers.size() > 1 || !matcher.matches()) {
            throw GraphError.badRequest("Invalid " + HEADER
                            + " header. Expected: one key of 1 to 255 visible characters without quotation marks.")
                    .exception();
        }
        String quoted = matcher.group(1);
        return quoted == null ? matcher.group(2) : quoted;
    }
}
