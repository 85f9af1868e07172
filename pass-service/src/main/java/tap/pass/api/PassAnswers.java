package tap.pass.api;

import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;
import tap.graph.Confirmed;
import tap.pass.application.PassCommands.DeleteOutcome;
import tap.pass.application.PassCommands.IssueOutcome;

/** The answers for what became of a command. */
final class PassAnswers {
    private PassAnswers() {}

    /** 201 with the code, and whether the pass can be redeemed now; 400 or 404 if it was refused. */
    static Response of(IssueOutcome outcome, String context, String userKey) {
        return switch (outcome) {
            case IssueOutcome.Issued issued ->
                Response.status(Response.Status.CREATED)
                        .header(Confirmed.HEADER, Confirmed.word(issued.confirmed()))
                        .entity(PassResponse.issued(context, issued))
                        .build();
            case IssueOutcome.Refused refused -> throw PassRejections.exception(refused.rejection(), userKey);
        };
    }

    /**
     * 204 if the pass cannot be redeemed any more, 202 if that is not known in time; 404 if there is none.
     *
     * @param userKey the user as called, or {@code null}: the caller
     */
    static Response of(DeleteOutcome outcome, @Nullable String userKey) {
        return switch (outcome) {
            case DeleteOutcome.Deleted deleted ->
                Response.status(deleted.confirmed() ? Response.Status.NO_CONTENT : Response.Status.ACCEPTED)
                        .header(Confirmed.HEADER, Confirmed.word(deleted.confirmed()))
                        .build();
            case DeleteOutcome.Refused refused -> throw PassRejections.exception(refused.rejection(), userKey);
        };
    }
}
