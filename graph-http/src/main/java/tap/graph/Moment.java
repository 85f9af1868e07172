package tap.graph;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import tap.graph.error.GraphError;
import tap.graph.json.GraphInstant;

/**
 * An earlier moment that a request asks about.
 *
 * @param parameter the query parameter that names it
 * @param instant which, in UTC
 */
public record Moment(String parameter, Instant instant) {
    private static final String FORM =
            "It is a date and time in ISO 8601, such as 2026-03-01T12:00:00Z; write the + of an offset as %2B.";

    /**
     * Reads the values that a query has of a parameter: empty if it has none.
     *
     * @throws tap.graph.error.GraphException 400 if there are several, or one that is no moment
     */
    static Optional<Moment> of(String parameter, List<String> values) {
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw GraphError.badRequest("The query parameter '" + parameter + "' is there more than once.")
                    .exception();
        }
        return Optional.of(new Moment(
                parameter,
                GraphInstant.parse(values.getFirst())
                        .orElseThrow(() -> GraphError.badRequest(
                                        "The query parameter '" + parameter + "' is not valid. " + FORM)
                                .exception())));
    }

    /**
     * Goes on if the moment is past.
     *
     * @param settled the last moment that is
     * @throws tap.graph.error.GraphException 400 if it is later
     */
    public void requirePast(Instant settled) {
        if (instant.isAfter(settled)) {
            throw GraphError.badRequest("The query parameter '" + parameter
                            + "' is too late: the past can be asked about until five seconds ago, that is until "
                            + settled + ".")
                    .exception();
        }
    }
}
