package tap.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a schema may not do to its released form: everything but optional additions, because readers of the release are out there and
 * events of the release are kept for ever. Knows the words that the contract's schemas use, and refuses others.
 */
final class SchemaChanges {
    private static final Set<String> WORDS_WITHOUT_EFFECT = Set.of("$id", "title", "description");
    private static final Set<String> STRUCTURE = Set.of("properties", "required", "items");
    private static final Set<String> WORDS = Set.of(
            "$schema",
            "type",
            "format",
            "pattern",
            "enum",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "uniqueItems",
            "additionalProperties",
            "const");

    private SchemaChanges() {}

    /** What in a schema is incompatible with its released form, one sentence each. */
    static List<String> incompatible(JsonNode released, JsonNode now) {
        List<String> found = new ArrayList<>();
        compare("", released, now, found);
        return found;
    }

    private static void compare(String place, JsonNode released, JsonNode now, List<String> found) {
        Set<String> words = new TreeSet<>();
        released.fieldNames().forEachRemaining(words::add);
        now.fieldNames().forEachRemaining(words::add);
        for (String word : words) {
            if (WORDS_WITHOUT_EFFECT.contains(word) || STRUCTURE.contains(word)) {
                continue;
            }
            if (!WORDS.contains(word)) {
                found.add("%s uses \"%s\", which this test does not understand".formatted(at(place), word));
            } else if (!Objects.equals(released.get(word), now.get(word))) {
                found.add("%s: \"%s\" was %s and is %s".formatted(at(place), word, released.get(word), now.get(word)));
            }
        }
        compareMembers(place, released, now, found);
        if (released.has("items") != now.has("items")) {
            found.add("%s: \"items\" came or went".formatted(at(place)));
        } else if (released.has("items")) {
            compare(place + "[]", released.path("items"), now.path("items"), found);
        }
    }

    private static void compareMembers(String place, JsonNode released, JsonNode now, List<String> found) {
        Set<String> members = new TreeSet<>();
        released.path("properties").fieldNames().forEachRemaining(members::add);
        for (String member : members) {
            JsonNode newer = now.path("properties").path(member);
            if (newer.isMissingNode()) {
                found.add("%s is gone".formatted(at(place + "." + member)));
            } else {
                compare(place + "." + member, released.path("properties").path(member), newer, found);
            }
        }
        Set<String> required = required(released);
        required.stream()
                .filter(member -> !required(now).contains(member))
                .forEach(member ->
                        found.add("%s was always there and may now be missing".formatted(at(place + "." + member))));
        required(now).stream()
                .filter(member -> !required.contains(member))
                .forEach(member -> found.add("%s is required, but events of the release are without it"
                        .formatted(at(place + "." + member))));
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(member -> required.add(member.textValue()));
        return required;
    }

    private static String at(String place) {
        return place.isEmpty() ? "the event" : place.substring(1);
    }
}
