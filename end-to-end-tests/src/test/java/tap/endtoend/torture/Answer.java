package tap.endtoend.torture;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import tap.endtoend.torture.order.Operation;

/**
 * What came back for a request, or that nothing did.
 *
 * @param status HTTP status, 0 if no answer came
 * @param confirmation the header {@code Tap-Confirmation}
 * @param body JSON, or a missing node
 * @param begun {@link System#nanoTime} before it was sent
 * @param ended {@link System#nanoTime} after the answer was there, or was given up
 */
record Answer(int status, Optional<String> confirmation, JsonNode body, long begun, long ended) {

    /** It happened: the system has said so. */
    boolean acknowledged() {
        return status >= 200 && status < 300;
    }

    /** It did not happen: the system has said so. */
    boolean refused() {
        return status >= 400 && status < 500;
    }

    /** It may have happened or not, or happen later: no answer, or one that says that nothing is known. */
    boolean unknown() {
        return !acknowledged() && !refused();
    }

    /** It is effective everywhere: the system has said so. */
    boolean confirmed() {
        return acknowledged() && confirmation.filter("confirmed"::equals).isPresent();
    }

    /** What is known of the thing that was asked for, or empty: it was refused. */
    Optional<Operation> operation(Operation.What what) {
        if (refused()) {
            return Optional.empty();
        }
        if (confirmed()) {
            return Optional.of(Operation.effective(what, begun, ended));
        }
        return Optional.of(acknowledged() ? Operation.announced(what, begun) : Operation.possible(what, begun));
    }

    String text(String member) {
        return body.path(member).asText();
    }
}
