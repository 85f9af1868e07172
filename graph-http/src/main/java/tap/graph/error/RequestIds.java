package tap.graph.error;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The two ids of a request.
 *
 * @param requestId ours, a fresh GUID for each request: the header {@code request-id}, and the correlation id of what it causes
 * @param clientRequestId the caller's own {@code client-request-id}, or null. The Java SDK sends the same one for the life of a
 *     client, so it identifies nothing and is never an idempotency key.
 */
public record RequestIds(String requestId, @Nullable String clientRequestId) {
    private static final int MAX_LENGTH = 128;

    /** Ids for a request that arrives now; a client id that is no 1 to 128 visible ASCII characters counts as not sent. */
    public static RequestIds arriving(@Nullable String clientRequestId) {
        return new RequestIds(UUID.randomUUID().toString(), sane(clientRequestId) ? clientRequestId : null);
    }

    private static boolean sane(@Nullable String id) {
        return id != null
                && !id.isEmpty()
                && id.length() <= MAX_LENGTH
                && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
