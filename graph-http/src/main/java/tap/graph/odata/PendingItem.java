package tap.graph.odata;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * An element of a list of what is not yet confirmed. Ids only, no names.
 *
 * @param kind what is waited for, in lower camel case
 * @param id of the pass or the event that waits
 * @param userId whom it is about, or null: everybody
 * @param sinceDateTime since when it waits, UTC
 */
@JsonPropertyOrder({"kind", "id", "userId", "sinceDateTime"})
public record PendingItem(
        String kind,
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String userId,
        String sinceDateTime) {}
