package tap.redemption.application;

import org.jspecify.annotations.Nullable;
import tap.codes.SubmittedCode;
import tap.directory.UserKey;
import tap.redemption.domain.RequestKey;

/**
 * An attempt to redeem a pass.
 *
 * @param user whose pass, by id or user name
 * @param code what was submitted as its code
 * @param clientId the OAuth client that asks
 * @param key by what a repetition of the request is known, or {@code null}
 * @param source where the request comes from
 * @param correlationId follows the request through all services
 */
public record RedemptionRequest(
        UserKey user,
        SubmittedCode code,
        String clientId,
        @Nullable RequestKey key,
        Source source,
        String correlationId) {}
