package tap.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The alarms watch what the services really show, and an operator is told what to do about each. */
class AlarmsIT {
    private static final Path DOCS =
            Path.of(System.getProperty("tap.root", "..")).resolve("docs");
    private static final Pattern METRIC = Pattern.compile("\\b(tap|http)_[a-z0-9_]+");
    private static final Pattern EXPOSED = Pattern.compile("(?m)^([a-z0-9_]+)[{ ]");

    private static final Pattern COUNTED = Pattern.compile(
            "(?m)^tap_confirmation_seconds_count\\{operation=\"(\\w+)\",outcome=\"confirmed\"} (\\S+)$");

    private final Stack stack = Stack.running();

    @Test
    void every_metric_of_an_alarm_is_shown_by_a_service() throws IOException {
        stack.administrator("Global Administrator")
                .configure(Map.of("state", "enabled"))
                .then()
                .statusCode(204);
        Set<String> watched = new TreeSet<>();
        for (JsonNode rule : rules()) {
            Matcher metrics = METRIC.matcher(rule.path("expr").asText());
            while (metrics.find()) {
                watched.add(metrics.group());
            }
        }
        assertThat(watched).contains("tap_parked_messages", "tap_relay_lease");

        await().untilAsserted(() -> assertThat(exposed()).containsAll(watched));
    }

    @Test
    void how_long_confirmations_take_is_counted_by_operation() {
        Administrator administrator = stack.administrator("Global Administrator");
        administrator.configure(Map.of("state", "enabled")).then().statusCode(204);
        Map<String, Double> before = confirmed();
        String name = "timed-" + UUID.randomUUID() + "@example.com";
        administrator.user(name);
        String pass = administrator
                .issue(name, Map.of())
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        administrator.delete(name, pass).then().statusCode(204);
        administrator.configure(Map.of("defaultLifetimeInMinutes", 63)).then().statusCode(204);
        administrator.configure(Map.of("defaultLifetimeInMinutes", 60)).then().statusCode(204);

        Map<String, Double> after = confirmed();
        assertThat(List.of("directory", "issue", "delete", "policy"))
                .allSatisfy(operation -> assertThat(after.getOrDefault(operation, 0.0))
                        .as(operation)
                        .isGreaterThan(before.getOrDefault(operation, 0.0)));
    }

    @Test
    void every_alarm_is_whole_and_has_its_section_in_the_handbook() throws IOException {
        String handbook = Files.readString(DOCS.resolve("operations.md"));
        List<String> names = new ArrayList<>();
        for (JsonNode rule : rules()) {
            String name = rule.path("alert").asText();
            names.add(name);
            assertThat(name).matches("Tap[A-Z][A-Za-z0-9]+");
            assertThat(rule.path("expr").asText()).as(name).isNotBlank();
            assertThat(rule.path("labels").path("severity").asText()).as(name).isIn("page", "ticket");
            assertThat(rule.path("annotations").path("summary").asText())
                    .as(name)
                    .isNotBlank();
            assertThat(handbook).contains("\n### " + name + "\n");
        }
        assertThat(names).doesNotHaveDuplicates().hasSizeGreaterThan(10);
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        new YAMLMapper()
                .readTree(DOCS.resolve("alarms.yaml").toFile())
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private Map<String, Double> confirmed() {
        Map<String, Double> counts = new HashMap<>();
        Matcher counted = COUNTED.matcher(metrics());
        while (counted.find()) {
            counts.merge(counted.group(1), Double.valueOf(counted.group(2)), Double::sum);
        }
        return counts;
    }

    private Set<String> exposed() {
        Set<String> names = new HashSet<>();
        Matcher metric = EXPOSED.matcher(metrics());
        while (metric.find()) {
            names.add(metric.group(1));
        }
        return names;
    }

    private String metrics() {
        StringBuilder all = new StringBuilder();
        for (String service : List.of("policy-service", "pass-service", "redemption-service")) {
            for (String pod : stack.pods(service)) {
                all.append(given().baseUri(pod).get("/q/metrics").asString()).append('\n');
            }
        }
        return all.toString();
    }
}
