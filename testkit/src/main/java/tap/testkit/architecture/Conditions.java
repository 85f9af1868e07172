package tap.testkit.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** What ArchUnit has no words for. */
final class Conditions {
    private static final List<String> EMPTY_NAMES =
            List.of("Manager", "Helper", "Helpers", "Util", "Utils", "Impl", "Base", "Dto", "DTO");
    private static final Set<String> EMPTY_PACKAGES = Set.of(
            "manager",
            "managers",
            "helper",
            "helpers",
            "util",
            "utils",
            "impl",
            "base",
            "dto",
            "common",
            "core",
            "misc");

    private Conditions() {}

    /** The class has a name that says something, and so has its package. */
    static ArchCondition<JavaClass> haveTellingNames() {
        return condition("have telling names", (type, events) -> {
            EMPTY_NAMES.stream()
                    .filter(type.getSimpleName()::endsWith)
                    .forEach(empty -> broken(events, type, "is called a " + empty));
            Arrays.stream(type.getPackageName().split("\\."))
                    .filter(EMPTY_PACKAGES::contains)
                    .forEach(empty -> broken(events, type, "lives in a package called " + empty));
        });
    }

    /** The package says what it holds, in a {@code package-info}, and refuses null. */
    static ArchCondition<JavaClass> liveInADescribedPackage() {
        return condition("live in a described package", (type, events) -> {
            boolean described = type.getPackage()
                    .tryGetPackageInfo()
                    .map(info -> info.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                    .orElse(false);
            if (!described) {
                broken(events, type, "lives in a package without a @NullMarked package-info");
            }
        });
    }

    /** An interface that lists who implements it. */
    static ArchCondition<JavaClass> beSealed() {
        return condition("be sealed", (type, events) -> {
            if (!type.reflect().isSealed()) {
                broken(events, type, "is an interface that is not sealed");
            }
        });
    }

    /** No word of these, in camel case, in the class's name. */
    static ArchCondition<JavaClass> sayNoneOf(Set<String> words) {
        return condition(
                "say none of " + words,
                (type, events) -> Arrays.stream(type.getSimpleName().split("(?<=[a-z0-9])(?=[A-Z])"))
                        .filter(words::contains)
                        .forEach(word -> broken(events, type, "speaks of " + word)));
    }

    private static ArchCondition<JavaClass> condition(String description, Check check) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                check.check(type, events);
            }
        };
    }

    private static void broken(ConditionEvents events, JavaClass type, String what) {
        events.add(SimpleConditionEvent.violated(type, type.getName() + " " + what));
    }

    private interface Check {
        void check(JavaClass type, ConditionEvents events);
    }
}
