package tap.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code asyncapi.yaml} has every topic and every type of the contract, as they are, and nothing else. */
class AsyncApiTest {
    private static final String POSITION = "position";
    private static final JsonNode DOCUMENT = document();

    static List<Topic> topics() {
        return Topics.ALL;
    }

    @Test
    void has_every_topic_and_nothing_else() {
        assertThat(DOCUMENT.path("asyncapi").textValue()).isEqualTo("3.0.0");
        assertThat(DOCUMENT.path("channels")
                        .valueStream()
                        .map(channel -> channel.path("address").textValue()))
                .containsExactlyElementsOf(Topics.ALL.stream()
                        .map(topic -> "{prefix}" + topic.name())
                        .toList());
    }

    @Test
    void has_every_type_and_nothing_else() {
        List<String> types = new ArrayList<>(EventTypes.all().keySet());
        types.add(EventTypes.DIRECTORY_NAME);
        types.add(POSITION);
        assertThat(DOCUMENT.at("/components/messages").valueStream().map(AsyncApiTest::title))
                .containsExactlyInAnyOrderElementsOf(types);
    }

    @ParameterizedTest
    @MethodSource("topics")
    void a_channel_is_made_and_kept_as_its_topic(Topic topic) {
        JsonNode kafka = channel(topic).at("/bindings/kafka");
        assertThat(kafka.path("partitions").intValue()).isEqualTo(topic.partitions());
        JsonNode configuration = kafka.path("topicConfiguration");
        Map<String, String> found = new LinkedHashMap<>();
        configuration
                .properties()
                .forEach(entry -> found.put(
                        entry.getKey(),
                        entry.getValue().isArray()
                                ? entry.getValue().path(0).asText()
                                : entry.getValue().asText()));
        assertThat(found).isEqualTo(topic.configuration());
        assertThat(channel(topic).path("description").textValue())
                .contains("the key is", "Retention: ", "Ordering: ", "Delivery: ")
                .contains(topic.isCompacted() ? "newest record of each key" : "kept for ever");
    }

    @ParameterizedTest
    @MethodSource("topics")
    void a_channel_has_the_types_that_the_page_about_events_gives_its_topic(Topic topic) throws IOException {
        assertThat(channel(topic)
                        .path("messages")
                        .valueStream()
                        .map(AsyncApiTest::resolved)
                        .map(AsyncApiTest::title))
                .containsExactlyElementsOf(documented(topic));
    }

    @Test
    void a_message_has_its_attributes_key_and_schema() {
        for (JsonNode message : DOCUMENT.at("/components/messages")) {
            assertThat(message.at("/bindings/kafka/key/description").textValue())
                    .isNotBlank();
            if (title(message).equals(POSITION)) {
                continue;
            }
            assertThat(message.path("name").textValue()).isEqualTo(EventTypes.CLOUD_EVENTS_PREFIX + title(message));
            JsonNode headers = message.at("/headers/allOf");
            assertThat(resolved(headers.path(0)).path("required").size()).isEqualTo(10);
            assertThat(headers.at("/1/properties/ce_type/const").textValue())
                    .isEqualTo(EventTypes.CLOUD_EVENTS_PREFIX + title(message));
            String schema = message.at("/payload/schema/$ref").textValue();
            assertThat(schema).isEqualTo("src/main/resources/" + EventTypes.schema(title(message)));
            assertThat(Path.of(schema)).exists();
        }
    }

    @Test
    void every_channel_is_written_to_and_every_reference_leads_somewhere() {
        assertThat(DOCUMENT.path("operations")
                        .valueStream()
                        .map(operation -> operation.at("/channel/$ref").textValue()))
                .containsExactlyElementsOf(DOCUMENT.path("channels")
                        .propertyStream()
                        .map(entry -> "#/channels/" + entry.getKey())
                        .toList());
        forEachReference(DOCUMENT, reference -> {
            if (reference.startsWith("#")) {
                assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                assertThat(Path.of(reference)).exists();
            }
        });
    }

    // The catalogue in docs/events.md: a row a type, the topic in the first row of its own.
    private static List<String> documented(Topic topic) throws IOException {
        if (topic.equals(Topics.POSITIONS)) {
            return List.of(POSITION);
        }
        // the same events with the verifiers
        Topic catalogued = topic.equals(Topics.PASS_CREDENTIALS) ? Topics.PASSES : topic;
        List<String> types = new ArrayList<>();
        String current = "";
        List<String> rows = Files.readAllLines(Path.of("../docs/events.md")).stream()
                .dropWhile(line -> !line.equals("## Types"))
                .takeWhile(line -> !line.equals("## Form"))
                .filter(line -> line.startsWith("| "))
                .toList();
        for (String row : rows) {
            List<String> cells = Stream.of(row.split("\\|")).map(String::strip).toList();
            current = cells.get(1).isEmpty() ? current : cells.get(1);
            if (current.equals("`" + catalogued.name() + "`")) {
                types.add(cells.get(3).replace("`", ""));
            }
        }
        return types;
    }

    private static JsonNode channel(Topic topic) {
        return DOCUMENT.path("channels")
                .valueStream()
                .filter(channel -> channel.path("title").textValue().equals(topic.name()))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode resolved(JsonNode node) {
        return DOCUMENT.at(node.path("$ref").textValue().substring(1));
    }

    private static String title(JsonNode message) {
        return message.path("title").textValue();
    }

    private static void forEachReference(JsonNode node, Consumer<String> check) {
        if (node.path("$ref").isTextual()) {
            check.accept(node.path("$ref").textValue());
        }
        node.forEach(child -> forEachReference(child, check));
    }

    private static JsonNode document() {
        try {
            return new ObjectMapper(new YAMLFactory())
                    .readTree(Path.of("asyncapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
