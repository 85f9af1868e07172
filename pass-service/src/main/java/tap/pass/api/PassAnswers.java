package tap.pass.api;

import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import tap.graph.Confirmed;
import tap.pass.application.PassCommands.DeleteOutcome;
import tap.pass.application.PassCommands.IssueOutcome;
import tap.pass.domain.Allowance;
import tap.pass.domain.PassRejection;
import tap.pass.projections.passdetails.PassDetails.ShownPass;

/** The answers for what became of a command. */
final class PassAnswers {
    private static final String REPLAY = "Idempotent-Replay";

    private PassAnswers() {}

    /** 201 with the code, and whether the pass can be redeemed now. */
    static Response issued(IssueOutcome.Issued issued, String context) {
        return Response.status(Response.Status.CREATED)
                .header(Confirmed.HEADER, Confirmed.word(issued.confirmed()))
                .entity(PassResponse.issued(context, issued))
                .build();
    }

    /** 200 with the pass as it is now, without the code: an earlier request of the same key has issued it. */
    static Response repeated(ShownPass shown, String context) {
        Allowance allowance = shown.allowance();
        return Response.ok(PassResponse.one(context, shown))
                .header(REPLAY, true)
                .header(Confirmed.HEADER, Confirmed.word(allowance.admitted() || allowance.refused()))
                .build();
    }

    /**
     * 204 if the pass cannot be redeemed any more, 202 if that is not known in time; 404 if there is none.
     *
     * @param userKey the user as called, or {@code null}: the caller
     * @param pass the id as called
     */
    static Response of(DeleteOutcome outcome, @Nullable String userKey, String pass) {
        return switch (outcome) {
            case DeleteOutcome.Deleted deleted ->
                Response.status(deleted.confirmed() ? Response.Status.NO_CONTENT : Response.Status.ACCEPTED)
                        .header(Confirmed.HEADER, Confirmed.word(deleted.confirmed()))
                        .build();
            case DeleteOutcome.Refused refused ->
                throw refused.rejection() instanceof PassRejection.PassUnknown
                        ? PassRejections.noPass(pass).exception()
                        : PassRejections.exception(refused.rejection(), userKey);
        };
    }
}
