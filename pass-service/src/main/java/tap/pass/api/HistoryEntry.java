package tap.pass.api;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import tap.graph.odata.GraphList;
import tap.graph.odata.ODataContext;
import tap.pass.projections.past.PastEvent;
import tap.pass.projections.past.PastQueries;

/**
 * Something that a pass has lived through; ours, Graph has nothing like it.
 *
 * @param activity what happened
 * @param activityDateTime when, by the clock of the service that decided it
 * @param recordedDateTime when pass-service knew it: what the list is ordered by
 * @param service which service decided it
 * @param sequence the event's place in its stream
 * @param actor an opaque id of who asked for it, or {@code null}
 * @param correlationId the {@code request-id} of the request that caused it, or {@code null}
 * @param policyRevision the policy that pass-service knew then
 * @param event the event's public record
 */
record HistoryEntry(
        String activity,
        String activityDateTime,
        String recordedDateTime,
        String service,
        long sequence,
        @Nullable String actor,
        @Nullable String correlationId,
        long policyRevision,
        JsonNode event) {

    /** A page of a history; events beyond {@link PastQueries#PAGE} say that there is a next one. */
    static GraphList<HistoryEntry> page(
            ODataContext odata, String user, String pass, int after, List<PastEvent> events) {
        boolean more = events.size() > PastQueries.PAGE;
        return new GraphList<>(
                odata.history(user, pass),
                more ? odata.historyLink(user, pass, after + PastQueries.PAGE) : null,
                events.stream().limit(PastQueries.PAGE).map(HistoryEntry::of).toList());
    }

    private static HistoryEntry of(PastEvent event) {
        return new HistoryEntry(
                event.kind().value(),
                event.at().toString(),
                event.recordedAt().toString(),
                event.service(),
                event.version(),
                event.actor(),
                event.correlationId(),
                event.policyRevision(),
                event.content());
    }
}
