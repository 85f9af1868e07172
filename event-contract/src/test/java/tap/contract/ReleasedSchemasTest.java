package tap.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A released schema gains optional members and nothing else; anything else is a new version. */
class ReleasedSchemasTest {
    private static final Path RELEASED = Path.of("src/test/resources/released");
    private static final Path NOW = Path.of("src/main/resources/schemas");

    static List<Path> released() throws IOException {
        return files(RELEASED);
    }

    @ParameterizedTest
    @MethodSource("released")
    void is_compatible_with_its_released_form(Path released) throws IOException {
        Path now = NOW.resolve(released.getFileName());
        assertThat(now).as("a released type stays for ever").exists();
        assertThat(SchemaChanges.incompatible(read(released), read(now)))
                .as("""
                        %s was released, and readers of that release are out there. Undo the change, or leave this version as it is and \
                        add the next one, with a record, a schema, a golden file and an entry in docs/events.md of its own, and an \
                        upcaster from this one""", released.getFileName())
                .isEmpty();
    }

    @Test
    void every_type_has_a_released_form() throws IOException {
        assertThat(files(RELEASED).stream().map(file -> file.getFileName().toString()))
                .as("a new type, or a new optional member, is released by copying its schema to %s", RELEASED)
                .containsExactlyElementsOf(files(NOW).stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }

    @Test
    void an_optional_member_may_be_added_and_words_for_people_may_change() throws IOException {
        ObjectNode now = passIssued();
        properties(now).putObject("ticket").put("type", "string");
        now.put("description", "Said better.");
        assertThat(changes(now)).isEmpty();
    }

    @Test
    void a_member_may_not_go() throws IOException {
        ObjectNode now = passIssued();
        properties(now).remove("endsAt");
        required(now).remove(4);
        assertThat(changes(now)).containsExactly("endsAt is gone", "endsAt was always there and may now be missing");
    }

    @Test
    void a_member_may_not_become_optional() throws IOException {
        ObjectNode now = passIssued();
        required(now).remove(4);
        assertThat(changes(now)).containsExactly("endsAt was always there and may now be missing");
    }

    @Test
    void an_added_member_may_not_be_required() throws IOException {
        ObjectNode now = passIssued();
        properties(now).putObject("ticket").put("type", "string");
        required(now).add("ticket");
        assertThat(changes(now)).containsExactly("ticket is required, but events of the release are without it");
    }

    @Test
    void a_member_may_not_change_what_it_can_be() throws IOException {
        ObjectNode now = passIssued();
        ((ObjectNode) properties(now).path("maximumUses")).put("maximum", 5_000);
        ((ObjectNode) properties(now).path("passId")).remove("format");
        ((ObjectNode) properties(now).path("userId")).put("not", "anything");
        assertThat(changes(now))
                .containsExactly(
                        "maximumUses: \"maximum\" was 1000 and is 5000",
                        "passId: \"format\" was \"uuid\" and is null",
                        "userId uses \"not\", which this test does not understand");
    }

    @Test
    void neither_may_a_member_of_a_member() throws IOException {
        Path released = RELEASED.resolve("policy-reset.v1.json");
        ObjectNode now = read(released);
        ObjectNode target = (ObjectNode) properties((ObjectNode) properties(now).path("policy"))
                .path("includeTargets")
                .path("items");
        properties(target).remove("id");
        assertThat(SchemaChanges.incompatible(read(released), now))
                .containsExactly("policy.includeTargets[].id is gone");
    }

    private static List<String> changes(JsonNode now) throws IOException {
        return SchemaChanges.incompatible(passIssued(), now);
    }

    private static ObjectNode passIssued() throws IOException {
        return read(RELEASED.resolve("pass-issued.v1.json"));
    }

    private static ObjectNode properties(ObjectNode schema) {
        return (ObjectNode) schema.path("properties");
    }

    private static ArrayNode required(ObjectNode schema) {
        return (ArrayNode) schema.path("required");
    }

    private static ObjectNode read(Path file) throws IOException {
        return (ObjectNode) ContractJson.mapper().readTree(Files.readString(file));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
