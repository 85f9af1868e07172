package tap.testkit.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tap.contract.EventTypes;
import tap.contract.Topic;
import tap.contract.Topics;

import static org.assertj.core.api.Assertions.assertThat;

class DocumentationTest {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("tap.root"), "tap.root, which the build sets"));
    private static final int LINES_OF_A_SCREEN = 60;

    static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
            return files.filter(file -> file.getFileName().toString().matches("\\d{4}-.*\\.md"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void no_link_is_dead(Path page) {
        assertThat(MarkdownLinks.dead(page)).as("dead links in " + page).isEmpty();
    }

    @Test
    void a_dead_link_is_found(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Files.writeString(folder.resolve("other.md"), "# A heading, with a comma\n");
        Files.writeString(page, """
                # Here
                [fine](other.md) [fine](other.md#a-heading-with-a-comma) [fine](#here) [fine](https://tap.example/nothing)
                `[an example](of-a-link.md)`
                [`code`](missing.md) [no such heading](other.md#missing) [nor here](#there)
                """);
        assertThat(MarkdownLinks.dead(page)).containsExactly("missing.md", "other.md#missing", "#there");
    }

    @Test
    void every_type_and_every_topic_is_in_the_page_about_events() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/events.md"));
        assertThat(EventTypes.all().keySet())
                .allSatisfy(type -> assertThat(page).contains("`" + type + "`"));
        for (Topic topic : Topics.ALL) {
            String row = Arrays.stream(page.split("\n"))
                    .filter(line -> line.startsWith("| `" + topic.name() + "` |"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(topic.name() + " is missing"));
            assertThat(row)
                    .contains("| " + topic.partitions() + " |")
                    .contains(
                            "compact".equals(topic.configuration().get("cleanup.policy"))
                                    ? "newest per key"
                                    : "for ever");
        }
    }

    @ParameterizedTest
    @MethodSource("decisions")
    void a_decision_is_one_screen_of_four_parts_and_listed(Path decision) throws IOException {
        List<String> lines = Files.readAllLines(decision);
        assertThat(lines).hasSizeLessThanOrEqualTo(LINES_OF_A_SCREEN);
        assertThat(lines.getFirst())
                .startsWith("# " + decision.getFileName().toString().substring(0, 4) + " ");
        assertThat(String.join("\n", lines))
                .contains("**Context.**", "**Decision.**", "**Consequences.**", "**Rejected.**");
        assertThat(Files.readString(ROOT.resolve("docs/adr/README.md"))).contains("(" + decision.getFileName() + ")");
    }
}
