package tap.testkit.architecture;

import java.util.List;
import java.util.Set;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/** What holds in every module, and what holds in {@code event-sourcing} besides. */
public final class LibraryArchitecture {
    private static final String EVENT_SOURCING = "tap.eventsourcing";
    private static final Set<String> BUSINESS = Set.of(
            "Pass",
            "Passes",
            "Policy",
            "Policies",
            "User",
            "Users",
            "Directory",
            "Redemption",
            "Redemptions",
            "Allowance",
            "Verifier",
            "Administrator",
            "Tenant");

    private LibraryArchitecture() {}

    /**
     * Fails with everything in which a library departs from the house's architecture.
     *
     * @param rootPackage {@code tap.codes}, for example
     */
    public static void check(String rootPackage) {
        Rule.check(
                rootPackage.equals(EVENT_SOURCING) ? eventSourcingRules(EVENT_SOURCING) : rules(),
                Rule.classesOf(rootPackage));
    }

    /** The rules of every module. */
    static List<Rule> rules() {
        return List.of(
                new Rule(
                        "names say what a thing is",
                        classes().that().areTopLevelClasses().should(Conditions.haveTellingNames())),
                new Rule(
                        "every package says what it holds",
                        classes()
                                .that()
                                .areTopLevelClasses()
                                .and()
                                .doNotHaveSimpleName("package-info")
                                .should(Conditions.liveInADescribedPackage())));
    }

    /** The rules of a library in this package that knows no business and no container. */
    static List<Rule> eventSourcingRules(String root) {
        List<Rule> general = rules();
        return List.of(
                general.get(0),
                general.get(1),
                new Rule(
                        "event-sourcing has no CDI and no Quarkus",
                        noClasses()
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        "io.quarkus..",
                                        "jakarta.enterprise..",
                                        "jakarta.inject..",
                                        "jakarta.ws..",
                                        "org.eclipse.microprofile..")),
                new Rule(
                        "event-sourcing depends on no module of ours",
                        noClasses()
                                .should()
                                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                                        "are of another module",
                                        type -> type.getPackageName().startsWith("tap.")
                                                && !type.getPackageName().equals(root)
                                                && !type.getPackageName().startsWith(root + ".")))),
                new Rule("event-sourcing speaks no business word", classes().should(Conditions.sayNoneOf(BUSINESS))));
    }
}
