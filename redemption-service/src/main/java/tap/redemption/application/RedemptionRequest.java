package tap.redemption.application;

import tap.codes.SubmittedCode;
import tap.directory.UserKey;

/**
 * An attempt to redeem a pass.
 *
 * @param user whose pass, by id or user name
 * @param code what was submitted as its code
 * @param clientId the OAuth client that asks
 * @param correlationId follows the request through all services
 */
public record RedemptionRequest(UserKey user, SubmittedCode code, String clientId, String correlationId) {}
