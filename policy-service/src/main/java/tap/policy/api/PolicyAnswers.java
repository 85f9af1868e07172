package tap.policy.api;

import jakarta.ws.rs.core.Response;
import tap.graph.Confirmed;
import tap.graph.error.GraphError;
import tap.policy.application.PolicyChanges.Outcome;
import tap.policy.domain.PolicyRejection;

/** The words for what became of a change of the policy. */
final class PolicyAnswers {
    private PolicyAnswers() {}

    /** 204 if issuing and redeeming obey the change, 202 if that is not known in time; 400 if it was refused. */
    static Response of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Effective effective ->
                Response.status(effective.confirmed() ? Response.Status.NO_CONTENT : Response.Status.ACCEPTED)
                        .header(Confirmed.HEADER, Confirmed.word(effective.confirmed()))
                        .build();
            case Outcome.Refused refused ->
                throw GraphError.badRequest(message(refused.rejection())).exception();
        };
    }

    private static String message(PolicyRejection rejection) {
        return switch (rejection) {
            case PolicyRejection.OutOfRange range ->
                "Invalid " + range.property() + " specified: " + range.value() + ". The valid range between "
                        + range.least() + " and " + range.most() + ".";
            case PolicyRejection.AllUsersMisplaced misplaced ->
                "Invalid " + misplaced.property() + " specified. The id all_users goes with the targetType group of"
                        + " includeTargets only.";
            case PolicyRejection.TargetIdMalformed malformed ->
                "Invalid " + malformed.property()
                        + " specified. The id of a target is the GUID of a user or group, or all_users.";
        };
    }
}
