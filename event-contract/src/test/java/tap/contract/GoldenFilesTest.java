package tap.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Golden files are kept for ever: what was once written can be read, and is written so again. */
class GoldenFilesTest {
    private static final JsonMapper MAPPER = ContractJson.mapper();
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    /** The files: {@code <type>.json}, and {@code <type>.absent.json} with every value absent that may be. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @Test
    void every_type_has_a_golden_file() throws IOException {
        List<String> types = files().stream().map(GoldenFilesTest::type).toList();
        assertThat(types).containsAll(EventTypes.all().keySet()).contains(EventTypes.DIRECTORY_NAME);
    }

    @ParameterizedTest
    @MethodSource("files")
    void is_read_and_written_again_byte_for_byte(Path file) throws IOException {
        Object read = MAPPER.readValue(content(file), record(type(file)));
        assertThat(MAPPER.writeValueAsString(read)).isEqualTo(content(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void obeys_its_schema(Path file) throws IOException {
        assertThat(violations(file, MAPPER.readTree(content(file)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void without_any_one_member_it_breaks_its_schema(Path file) throws IOException {
        for (String member : alwaysThere(file)) {
            ObjectNode broken = (ObjectNode) MAPPER.readTree(content(file));
            broken.remove(member);
            assertThat(violations(file, broken)).as("without " + member).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void with_a_value_of_another_type_it_breaks_its_schema(Path file) throws IOException {
        for (String member : members(file)) {
            ObjectNode broken = (ObjectNode) MAPPER.readTree(content(file));
            broken.set(member, JsonNodeFactory.instance.objectNode());
            assertThat(violations(file, broken)).as("with {} as " + member).isNotEmpty();
            JsonNode property = schema(file).getSchemaNode().path("properties").path(member);
            if (property.has("format") || property.has("enum")) {
                broken.put(member, "?");
                assertThat(violations(file, broken)).as("with ? as " + member).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void an_optional_addition_is_obeyed_and_ignored(Path file) throws IOException {
        ObjectNode extended = (ObjectNode) MAPPER.readTree(content(file));
        extended.put("addedInALaterRelease", true);
        assertThat(violations(file, extended)).isEmpty();
        Object read = MAPPER.treeToValue(extended, record(type(file)));
        assertThat(MAPPER.writeValueAsString(read)).isEqualTo(content(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void its_schema_names_the_members_of_the_record_and_explains_them(Path file) throws IOException {
        JsonNode schema = schema(file).getSchemaNode();
        assertThat(schema.path("title").textValue()).isEqualTo(type(file));
        List<String> components = Arrays.stream(record(type(file)).getRecordComponents())
                .map(component -> component.getName())
                .toList();
        JsonNode properties = schema.path("properties");
        assertThat(properties.fieldNames()).toIterable().containsExactlyElementsOf(components);
        assertThat(properties)
                .allSatisfy(property ->
                        assertThat(property.path("description").textValue()).isNotBlank());
        assertThat(schema.path("required").valueStream().map(JsonNode::textValue))
                .containsExactlyElementsOf(alwaysThere(file));
    }

    @Test
    void a_time_without_a_zone_and_an_unknown_reason_break_the_schema() throws IOException {
        Path file = FOLDER.resolve("pass-revoked.v1.json");
        ObjectNode revoked = (ObjectNode) MAPPER.readTree(content(file));
        revoked.put("revokedAt", "2026-11-23T09:15:30+01:00");
        assertThat(violations(file, revoked)).isNotEmpty();
        revoked = (ObjectNode) MAPPER.readTree(content(file));
        revoked.put("reason", "weather");
        assertThat(violations(file, revoked)).isNotEmpty();
        revoked = (ObjectNode) MAPPER.readTree(content(file));
        revoked.put("userId", "adele.vance@tap.example");
        assertThat(violations(file, revoked)).isNotEmpty();
    }

    private static List<String> members(Path file) {
        return Arrays.stream(record(type(file)).getRecordComponents())
                .map(component -> component.getName())
                .toList();
    }

    // Every member, if the type is new. What a release adds to a type stays optional, because earlier events are
    // without it.
    private static List<String> alwaysThere(Path file) throws IOException {
        Path released = Path.of("src/test/resources/released", type(file) + ".json");
        if (!Files.exists(released)) {
            return members(file);
        }
        List<String> required = MAPPER.readTree(Files.readString(released))
                .path("required")
                .valueStream()
                .map(JsonNode::textValue)
                .toList();
        return members(file).stream().filter(required::contains).toList();
    }

    private static String type(Path file) {
        return file.getFileName().toString().replaceAll("(\\.v\\d+)(\\.absent)?\\.json$", "$1");
    }

    private static Class<?> record(String type) {
        return type.equals(EventTypes.DIRECTORY_NAME)
                ? DirectoryNameV1.class
                : EventTypes.record(type).orElseThrow();
    }

    private static String content(Path file) throws IOException {
        return Files.readString(file).stripTrailing();
    }

    private static Set<ValidationMessage> violations(Path file, JsonNode event) {
        return schema(file).validate(event);
    }

    private static JsonSchema schema(Path file) {
        try (InputStream schema = GoldenFilesTest.class.getResourceAsStream("/" + EventTypes.schema(type(file)))) {
            assertThat(schema).as("schema of " + file).isNotNull();
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(
                            new String(schema.readAllBytes(), StandardCharsets.UTF_8),
                            SchemaValidatorsConfig.builder()
                                    .formatAssertionsEnabled(true)
                                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
