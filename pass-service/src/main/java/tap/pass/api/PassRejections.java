package tap.pass.api;

import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;
import tap.pass.domain.PassRejection;

/**
 * The words for each rejection; the first four are Entra's own.
 *
 * @see <a href="https://learn.microsoft.com/graph/api/authentication-post-temporaryaccesspassmethods">create in Microsoft Graph</a>
 */
final class PassRejections {
    private static final String NOT_ALLOWED = "Converged UserCredentialPolicy does not allow creating or updating this"
            + " authentication method. AuthMethodType [TemporaryAccessPass].";

    private PassRejections() {}

    /**
     * The error that a rejection is told as.
     *
     * @param userKey the user as called, or {@code null}: the caller
     */
    static GraphException exception(PassRejection rejection, @Nullable String userKey) {
        return error(rejection, userKey == null ? "me" : userKey).exception();
    }

    private static GraphError error(PassRejection rejection, String userKey) {
        return switch (rejection) {
            case PassRejection.LifetimeOutOfRange range ->
                GraphError.badRequest("Invalid LifetimeInMinutes specified. The valid range between "
                        + range.minimumInMinutes() + " and " + range.maximumInMinutes() + ".");
            case PassRejection.MultipleUseNotAllowed notAllowed ->
                GraphError.badRequest(
                        "Invalid IsUsableOnce specified. Tenant Policy does not allow multiple use temporary"
                                + " access pass method.");
            case PassRejection.StartInThePast past ->
                GraphError.badRequest("Invalid StartDateTime specified. It can not be a time in the past.");
            case PassRejection.UserExternalGuest guest ->
                GraphError.badRequest("Temporary Access Pass cannot be added to an external guest user.");
            case PassRejection.PolicyDisabled disabled ->
                GraphError.badRequest(NOT_ALLOWED).detail("The policy is disabled.");
            case PassRejection.UserNotTargeted notTargeted ->
                GraphError.badRequest(NOT_ALLOWED)
                        .detail("The policy does not include the user, or excludes the user.");
            case PassRejection.UserInactive inactive ->
                GraphError.badRequest(NOT_ALLOWED).detail("The user is not active.");
            case PassRejection.UserFenced fenced ->
                GraphError.badRequest(NOT_ALLOWED)
                        .detail("A fault holds back what is known of the user. An operator has to mend it first.");
            case PassRejection.StartTooFarAhead ahead ->
                GraphError.badRequest("Invalid StartDateTime specified. It can be at most "
                        + ahead.mostAhead().toDays() + " days ahead.");
            case PassRejection.MaximumUsesOutOfRange range ->
                GraphError.badRequest("Invalid MaximumUses specified. The valid range between " + range.minimum()
                        + " and " + range.maximum() + ".");
            case PassRejection.MaximumUsesContradictory contradictory ->
                GraphError.badRequest("Invalid MaximumUses specified. " + contradictory.maximumUses()
                        + " contradicts IsUsableOnce " + contradictory.isUsableOnce() + ".");
            case PassRejection.KeyOfAnotherRequest other ->
                GraphError.of(
                        409,
                        "conflict",
                        "The Idempotency-Key stands for another request of the last 24 hours, which has issued a pass."
                                + " Repeat that request as it was, or choose another key.");
            case PassRejection.PassKept kept ->
                GraphError.of(
                        409,
                        "conflict",
                        "The user has a Temporary Access Pass, which was not replaced. To replace it, send"
                                + " onExisting 'replace'.");
            case PassRejection.IssuingLimitReached limit ->
                GraphError.tooManyRequests(limit.retryAfter())
                        .detail("The caller has issued as many passes as one administrator may in a while.");
            case PassRejection.UserUnknown unknown -> GraphError.userNotFound(userKey);
            case PassRejection.PassUnknown unknown -> noPass(unknown.passId().toString());
        };
    }

    /** 404 for a pass that the user has not, or for what can be no id of a pass. */
    static GraphError noPass(String passId) {
        return GraphError.notFound("The user has no Temporary Access Pass with the id '" + passId + "'.");
    }
}
