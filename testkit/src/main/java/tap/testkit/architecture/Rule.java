package tap.testkit.architecture;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;

/**
 * One architecture rule.
 *
 * @param name what must be so, as a sentence
 * @param check finds what is not so
 */
record Rule(String name, ArchRule check) {

    /** What breaks the rule, one line each. */
    List<String> violations(JavaClasses classes) {
        return check.allowEmptyShould(true).evaluate(classes).getFailureReport().getDetails();
    }

    /** The classes of this package and below that are not tests. */
    static JavaClasses classesOf(String rootPackage) {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(rootPackage);
        if (classes.isEmpty()) {
            throw new IllegalArgumentException("there is no class in " + rootPackage);
        }
        return classes;
    }

    /** Judges all rules before it fails, so that one run shows everything. */
    static void check(List<Rule> rules, JavaClasses classes) {
        StringBuilder failures = new StringBuilder();
        for (Rule rule : rules) {
            List<String> violations = rule.violations(classes);
            if (!violations.isEmpty()) {
                failures.append("\n\n").append(rule.name()).append(":\n  ").append(String.join("\n  ", violations));
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("The architecture is broken." + failures);
        }
    }
}
