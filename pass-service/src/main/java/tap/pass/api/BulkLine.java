package tap.pass.api;

import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;
import tap.graph.Confirmed;
import tap.graph.edge.Edge;
import tap.pass.application.BulkIssuing.BulkOutcome;
import tap.pass.application.PassCommands.IssueOutcome;

/**
 * What became of one user's pass, as a line of the answer to a bulk.
 *
 * @param user as the request names the user; of a group the id
 * @param status what a single request would have been answered
 * @param confirmation whether it is known that the pass can be redeemed, or will not be; of an issued one
 * @param pass with its code; of an issued one
 * @param passId of a pass that this key has issued before
 * @param message what to do about the code of that one
 * @param retryAfter seconds, of an error that passes
 * @param error in Graph's form
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"user", "status", "confirmation", "pass", "passId", "message", "retryAfter", "error"})
record BulkLine(
        String user,
        int status,
        @Nullable String confirmation,
        @Nullable PassResponse pass,
        @Nullable String passId,
        @Nullable String message,
        @Nullable Integer retryAfter,
        @Nullable JsonNode error) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOST_CODE =
            "This key has issued the pass before, and its code is not shown again. If the"
                    + " code is lost, issue a new pass, with a new key and onExisting 'replace'.";

    /**
     * The line of an outcome.
     *
     * @param failures says what a single request would have been answered
     */
    static BulkLine of(BulkOutcome outcome, Function<Throwable, Edge.Answer> failures) {
        Throwable failure = outcome.failure();
        return switch (outcome.outcome()) {
            case IssueOutcome.Issued issued ->
                new BulkLine(
                        outcome.user(),
                        201,
                        Confirmed.word(issued.confirmed()),
                        PassResponse.issued(null, issued),
                        null,
                        null,
                        null,
                        null);
            case IssueOutcome.Repeated repeated ->
                new BulkLine(
                        outcome.user(),
                        200,
                        null,
                        null,
                        repeated.pass().passId().toString(),
                        LOST_CODE,
                        null,
                        null);
            case IssueOutcome.Refused refused ->
                failed(outcome.user(), failures.apply(PassRejections.exception(refused.rejection(), outcome.user())));
            case null ->
                failed(
                        outcome.user(),
                        failures.apply(failure == null ? new IllegalStateException("no outcome") : failure));
        };
    }

    private static BulkLine failed(String user, Edge.Answer answer) {
        String retryAfter = answer.headers().get("Retry-After");
        return new BulkLine(
                user,
                answer.status(),
                null,
                null,
                null,
                null,
                retryAfter == null ? null : Integer.valueOf(retryAfter),
                error(answer.body()));
    }

    private static JsonNode error(String envelope) {
        try {
            return JSON.readTree(envelope).path("error");
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an error in Graph's form is JSON", impossible);
        }
    }

    /** Without the code. */
    @Override
    public String toString() {
        return "BulkLine[" + user + ", " + status + "]";
    }
}
