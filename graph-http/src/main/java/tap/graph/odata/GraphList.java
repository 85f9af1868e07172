package tap.graph.odata;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * The envelope of every list.
 *
 * @param context see {@link ODataContext}
 * @param nextLink the absolute URL of the next page, or null on the last
 * @param value the elements
 */
@JsonPropertyOrder({"@odata.context", "@odata.nextLink", "value"})
public record GraphList<T>(
        @JsonProperty("@odata.context") String context,

        @JsonProperty("@odata.nextLink") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        String nextLink,

        @JsonProperty("value") List<T> value) {
    /** Copies the elements. */
    public GraphList {
        value = List.copyOf(value);
    }

    /** A list that fits on one page. */
    public static <T> GraphList<T> whole(String context, List<T> value) {
        return new GraphList<>(context, null, value);
    }
}
