package tap.pass.application;

import org.jspecify.annotations.Nullable;
import tap.pass.domain.PassRequest;

/**
 * What is to be issued, and how.
 *
 * @param request what was asked for
 * @param key by which the caller may repeat the request for 24 hours without getting a second pass, or {@code null}
 * @param keepsLivePass whether a pass that the user has, and that may still be used, is kept rather than replaced
 * @param oneOfMany whether others go first where room is scarce: a short code then waits for the Argon2 pool instead of being refused
 */
public record IssueOrder(PassRequest request, @Nullable String key, boolean keepsLivePass, boolean oneOfMany) {
    /** One pass for one user, in the place of whatever pass is there. */
    public static IssueOrder single(PassRequest request, @Nullable String key) {
        return new IssueOrder(request, key, false, false);
    }

    /** One of the passes that a bulk issues; its key is the bulk's, which no single request can have. */
    static IssueOrder ofBulk(PassRequest request, String bulkKey, boolean keepsLivePass) {
        // keys hold no blank
        return new IssueOrder(request, "bulk " + bulkKey, keepsLivePass, true);
    }
}
