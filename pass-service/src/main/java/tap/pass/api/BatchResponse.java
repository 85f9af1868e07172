package tap.pass.api;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * The answers to the requests of a batch, in any order.
 *
 * @param responses one a request
 */
record BatchResponse(List<Part> responses) {
    /**
     * One answer.
     *
     * @param id of the request
     * @param status as the request alone would have been answered
     * @param headers of that answer
     * @param body JSON, what is no JSON as a text, or {@code null}: none
     */
    record Part(
            String id,
            int status,
            Map<String, String> headers,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            JsonNode body) {
        /** Whether what depends on it may go on. */
        boolean succeeded() {
            return status < 400;
        }

        /** Without the body, which may hold a code. */
        @Override
        public String toString() {
            return "Part[" + id + ", " + status + "]";
        }
    }
}
