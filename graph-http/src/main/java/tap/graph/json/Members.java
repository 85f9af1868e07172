package tap.graph.json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import tap.graph.error.GraphError;
import tap.graph.error.GraphException;

/**
 * The members of one JSON object of a request. Each method reads one; null means left out, which is also what a JSON {@code null}
 * means. A member that nobody asked for is refused when the reading is over. Every refusal is a 400 that names the member, by its
 * path, and what was expected.
 */
public final class Members {
    private static final int SHOWN_LENGTH = 100;
    private static final int MAX_LIST = 1_000;

    private final ObjectNode object;
    private final String path;
    private final TreeSet<String> known = new TreeSet<>();

    Members(ObjectNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /** Runs the reading, then refuses what it did not ask for. */
    static <T> T read(ObjectNode object, String path, Function<Members, T> reading) {
        Members members = new Members(object, path);
        T result = reading.apply(members);
        members.refuseUnknown();
        return result;
    }

    /** A whole number of 32 bits. {@code 60.0} and {@code "60"} are none. */
    public @Nullable Integer integer(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw expected(name, "an integer between " + Integer.MIN_VALUE + " and " + Integer.MAX_VALUE);
        }
        return value.intValue();
    }

    /** {@code true} or {@code false}. */
    public @Nullable Boolean bool(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            throw expected(name, "true or false");
        }
        return value.booleanValue();
    }

    /** Text of 1 to {@code maxLength} characters, none of them a control character or half of a surrogate pair. */
    public @Nullable String text(String name, int maxLength) {
        JsonNode value = value(name);
        return value == null ? null : text(name, value, maxLength);
    }

    private String text(String name, JsonNode value, int maxLength) {
        String text = value.textValue();
        if (text == null || text.isEmpty() || text.length() > maxLength || !storable(text)) {
            throw expected(name, "text of 1 to " + maxLength + " characters, without control characters");
        }
        return text;
    }

    /** A moment: ISO 8601 with any offset; without one it is UTC. */
    public @Nullable Instant instant(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        String text = value.textValue();
        return (text == null ? Optional.<Instant>empty() : GraphInstant.parse(text))
                .orElseThrow(() -> expected(name, "a date and time such as 2026-01-02T03:04:05Z"));
    }

    /** One of the allowed words, exactly as written. */
    public <T> @Nullable T oneOf(String name, Map<String, T> allowed) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        T meant = value.textValue() == null ? null : allowed.get(value.textValue());
        if (meant == null) {
            throw expected(name, "one of " + String.join(", ", new TreeSet<>(allowed.keySet())));
        }
        return meant;
    }

    /** A list of texts, each as {@link #text} takes it; at most {@code mostTexts}. */
    public @Nullable List<String> texts(String name, int mostTexts, int maxLength) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isArray() || value.size() > mostTexts) {
            throw expected(name, "a list of at most " + mostTexts + " texts");
        }
        List<String> list = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            list.add(text(name + "[" + list.size() + "]", element, maxLength));
        }
        return List.copyOf(list);
    }

    /** An object whose members are all texts, as {@link #text} takes them, by their names as written; at most {@code mostMembers}. */
    public @Nullable Map<String, String> textByName(String name, int mostMembers, int maxLength) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isObject() || value.size() > mostMembers) {
            throw expected(name, "an object of at most " + mostMembers + " texts");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        value.properties()
                .forEach(member ->
                        texts.put(member.getKey(), text(name + "." + member.getKey(), member.getValue(), maxLength)));
        return texts;
    }

    /** Any value, as it is. */
    public @Nullable JsonNode any(String name) {
        return value(name);
    }

    /** A list of objects, each read by the same reading; at most 1,000. */
    public <T> @Nullable List<T> list(String name, Function<Members, T> reading) {
        JsonNode value = value(name);
        if (value == null) {
            return null;
        }
        if (!value.isArray() || value.size() > MAX_LIST) {
            throw expected(name, "a list of at most " + MAX_LIST + " objects");
        }
        List<T> list = new ArrayList<>(value.size());
        for (JsonNode element : value) {
            String elementPath = name + "[" + list.size() + "]";
            if (!(element instanceof ObjectNode nested)) {
                throw expected(elementPath, "an object");
            }
            list.add(read(nested, pathOf(elementPath), reading));
        }
        return List.copyOf(list);
    }

    /** Members that a caller may send back as it got them (read-only ones), and that change nothing. */
    public void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /**
     * For a rule of the domain that a member breaks: 400, naming the member.
     *
     * @param expectation what was expected, to follow "Expected: "
     */
    public GraphException expected(String name, String expectation) {
        return GraphError.badRequest(
                        "The value of '" + shown(pathOf(name)) + "' is not valid. Expected: " + expectation + ".")
                .exception();
    }

    /** A missing type is fine, a wrong one is refused; the leading {@code #} may be missing (OData JSON 4.01 §4.5.3). */
    void requireType(String odataType) {
        JsonNode value = object.get("@odata.type");
        if (value == null || value.isNull()) {
            return;
        }
        String type = value.textValue();
        if (type == null || !(odataType.equals(type) || odataType.equals("#" + type))) {
            throw expected("@odata.type", odataType);
        }
    }

    private @Nullable JsonNode value(String name) {
        known.add(name);
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    private void refuseUnknown() {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            // annotations, of the object and of members (name@odata.bind), are the SDKs' business
            if (!known.contains(name) && !name.contains("@odata.")) {
                throw GraphError.badRequest("The member '" + shown(pathOf(name))
                                + "' is not known here. Expected: one of " + String.join(", ", known) + ".")
                        .exception();
            }
        }
    }

    private String pathOf(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    private static boolean storable(String text) {
        return text.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    /** A member's path, fit to stand in a message: bounded, and without control characters. */
    static String shown(String memberPath) {
        String bounded = memberPath.length() <= SHOWN_LENGTH ? memberPath : memberPath.substring(0, SHOWN_LENGTH) + "…";
        return bounded.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    }
}
