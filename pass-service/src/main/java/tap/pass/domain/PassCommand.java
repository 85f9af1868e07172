package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tap.codes.SealedVerifier;
import tap.directory.PolicyTerms;
import tap.directory.UserTerms;

/** What can be asked of the pass of a user. Each carries the instant of the deciding database's clock. */
public sealed interface PassCommand {

    /** When it is decided. */
    Instant at();

    /**
     * Issues a pass, in the place of whatever pass is there.
     *
     * @param user as the directory has the user now, or {@code null}: there is none
     * @param policy as it is now
     * @param request what was asked for
     * @param keepsLivePass whether a pass that the user has, and that may still be used, is to be kept rather than replaced
     * @param limitedFor how long the caller may issue nothing, having issued so many passes; {@code null}: the limit is not reached
     * @param earlier what the same request has issued before, or {@code null}: nothing
     * @param passId the new pass's id
     * @param verifier what checks its code, under its seal; {@code null} only where {@link PassDecider#needsNoCode} says so:
     *     no work is spent on a code that nobody gets
     */
    record IssuePass(
            @Nullable UserTerms user,
            PolicyTerms policy,
            PassRequest request,
            boolean keepsLivePass,
            @Nullable Duration limitedFor,
            @Nullable EarlierIssue earlier,
            UUID passId,
            @Nullable SealedVerifier verifier,
            Instant at)
            implements PassCommand {}

    /**
     * Takes a pass back, at somebody's wish.
     *
     * @param user as the directory has the user now, or {@code null}: there is none
     * @param passId which
     * @param withdrawn whether redemption-service is known to have let go of it
     */
    record DeletePass(@Nullable UserTerms user, UUID passId, boolean withdrawn, Instant at) implements PassCommand {}

    /** Takes back whatever pass the user has, because the user is gone or inactive. */
    record RevokePassOfUser(RevocationReason reason, Instant at) implements PassCommand {}
}
