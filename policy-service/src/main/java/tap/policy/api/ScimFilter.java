package tap.policy.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import de.captaingoldfish.scim.sdk.common.constants.ScimType;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.exceptions.BadRequestException;
import de.captaingoldfish.scim.sdk.server.filter.AndExpressionNode;
import de.captaingoldfish.scim.sdk.server.filter.AttributeExpressionLeaf;
import de.captaingoldfish.scim.sdk.server.filter.AttributePathRoot;
import de.captaingoldfish.scim.sdk.server.filter.FilterNode;
import org.jspecify.annotations.Nullable;

/**
 * A SCIM filter (RFC 7644 §3.4.2.2) of the kind that provisioning clients look things up by: equalities, joined by {@code and}. Each is
 * taken out by who understands it; what is left is refused.
 */
final class ScimFilter {
    private static final int MOST_EQUALITIES = 10;

    private final Map<String, String> equalities = new LinkedHashMap<>();
    private boolean other;

    private ScimFilter() {}

    /** Reads a filter. */
    static ScimFilter of(FilterNode filter) {
        ScimFilter read = new ScimFilter();
        read.add(filter);
        return read;
    }

    private void add(FilterNode node) {
        switch (node) {
            case AndExpressionNode both -> {
                add(both.getLeftNode());
                add(both.getRightNode());
            }
            case AttributeExpressionLeaf leaf
            when leaf.getComparator() == Comparator.EQ && leaf.getValue() != null -> {
                String before = equalities.putIfAbsent(leaf.getSchemaAttribute().getScimNodeName(), leaf.getValue());
                other |= before != null || equalities.size() > MOST_EQUALITIES;
            }
            case AttributePathRoot path when path.getChild() != null -> add(path.getChild()); // members[value eq "…"]
            default -> other = true;
        }
    }

    /** Takes out what an attribute is to be equal to; null if it is not asked for. */
    @Nullable
    String take(String attribute) {
        return equalities.remove(attribute);
    }

    /**
     * Refuses what nobody took.
     *
     * @param supported the attributes that can be asked for, in words
     */
    void refuseOthers(String supported) {
        if (other || !equalities.isEmpty()) {
            throw new BadRequestException(
                    "This filter is not supported. Expected: " + supported
                            + ", eq, and a value; several joined by and.",
                    ScimType.RFC7644.INVALID_FILTER);
        }
    }

    /** Whether something could have this id; nothing asked for is possible. */
    static boolean possibleId(@Nullable String id) {
        return id == null || ScimUsers.ID.matcher(id).matches();
    }

    /** Whether something could be called this: what cannot be kept is nobody's. */
    static boolean possibleText(@Nullable String text) {
        return text == null || ScimUserForm.storable(text);
    }

    /** The id, if one was asked for. */
    static @Nullable UUID uuid(@Nullable String id) {
        return id == null ? null : UUID.fromString(id);
    }
}
