package tap.testkit.architecture;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArchitectureTest {
    private static final String STRAIGHT = "tap.testkit.architecture.straight";
    private static final String CROOKED = "tap.testkit.architecture.crooked";
    private static final JavaClasses STRAIGHT_CLASSES = new ClassFileImporter().importPackages(STRAIGHT);
    private static final JavaClasses CROOKED_CLASSES = new ClassFileImporter().importPackages(CROOKED);

    /** Who breaks which rule; the beginning of the rule's name. */
    private static final Map<String, List<String>> BREAKERS = Map.ofEntries(
            entry("names say", List.of("DoorManager", "Things")),
            entry("every package says", List.of("Things")),
            entry("domain knows", List.of("FrameworkDecider")),
            entry(
                    "domain has no clock",
                    List.of("Instant.now", "UUID.randomUUID", "System.currentTimeMillis", "java.util.Random")),
            entry("api translates", List.of("QueryingResource")),
            entry("only projections use Panache", List.of("EntityCommands")),
            entry("publishing does not see", List.of("NosyPublication")),
            entry("projections does not see", List.of("NosyProjection")),
            entry("reactions does not see", List.of("OpensDoor")),
            entry("application does not see", List.of("EntityCommands")),
            entry("a reaction is named", List.of("OpensDoor", "WhenStrayedThenIsLost")),
            entry("states, commands", List.of("OpenState")),
            entry("event-sourcing has no CDI", List.of("PassLog")),
            entry("event-sourcing depends on no module", List.of("PassLog")),
            entry("event-sourcing speaks no business", List.of("PassLog")));

    static Stream<Rule> everyRule() {
        return Stream.concat(
                        ServiceArchitecture.rules(CROOKED).stream(),
                        LibraryArchitecture.eventSourcingRules(CROOKED + ".log").stream())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("everyRule")
    void every_rule_is_broken_by_the_class_that_must_break_it(Rule rule) {
        List<String> breakers = BREAKERS.entrySet().stream()
                .filter(breaker -> rule.name().startsWith(breaker.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing breaks the rule: " + rule.name()));
        String violations = String.join("\n", rule.violations(CROOKED_CLASSES));
        assertThat(breakers).allSatisfy(breaker -> assertThat(violations).contains(breaker));
    }

    @Test
    void a_straight_service_breaks_none() {
        assertThatCode(() -> Rule.check(ServiceArchitecture.rules(STRAIGHT), STRAIGHT_CLASSES))
                .doesNotThrowAnyException();
    }

    @Test
    void all_violations_are_told_at_once() {
        assertThatThrownBy(() -> Rule.check(ServiceArchitecture.rules(CROOKED), CROOKED_CLASSES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("DoorManager", "ImpatientDecider", "OpensDoor");
    }

    @Test
    void a_service_that_lacks_a_room_or_every_class_is_refused() {
        assertThatThrownBy(() -> ServiceArchitecture.check("tap.nowhere")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ServiceArchitecture.check("tap.eventsourcing"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("tap.eventsourcing.domain is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tap.contract", "tap.eventsourcing", "tap.codes", "tap.secrets", "tap.localstack", "tap.testkit"
            })
    void the_libraries_keep_to_the_rules(String rootPackage) {
        LibraryArchitecture.check(rootPackage);
    }
}
