package tap.redemption.application;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A redemption that was refused, and why: what administrators may know, and whoever asked may not.
 *
 * @param at when, by the database's clock
 * @param reason as the metrics have it: {@code wrong_code}, {@code expired}, {@code throttled} …
 * @param passId the pass that the user had then, or {@code null}
 * @param clientId the OAuth client that asked
 * @param requestId the {@code request-id} of the answer
 */
public record Refusal(Instant at, String reason, @Nullable UUID passId, String clientId, UUID requestId) {}
