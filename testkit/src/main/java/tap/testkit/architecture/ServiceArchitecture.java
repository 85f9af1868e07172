package tap.testkit.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;
import tap.eventsourcing.Reaction;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * The six rooms of a service and who may see whom: {@code domain} sees nobody, {@code publishing} the domain, {@code projections}
 * both, {@code reactions} and {@code application} everything but {@code api}.
 */
public final class ServiceArchitecture {
    private static final List<String> ROOMS =
            List.of("domain", "api", "application", "projections", "reactions", "publishing");
    private static final Pattern REACTION = Pattern.compile("When[A-Z]\\w*Then[A-Z]\\w*");
    // Hands the messages of one topic to their reactions, by type.
    private static final Pattern ROUTE = Pattern.compile("Follow[A-Z]\\w*");

    private ServiceArchitecture() {}

    /**
     * Fails with everything in which a service departs from the house's architecture.
     *
     * @param rootPackage {@code tap.pass}, {@code tap.policy} or {@code tap.redemption}
     */
    public static void check(String rootPackage) {
        JavaClasses classes = Rule.classesOf(rootPackage);
        for (String room : ROOMS) {
            // Without this, a rule about a room that is spelt otherwise would pass by matching nothing.
            if (!classes.containPackage(rootPackage + "." + room)) {
                throw new AssertionError("package " + rootPackage + "." + room + " is missing");
            }
        }
        Rule.check(rules(rootPackage), classes);
    }

    /** The rules for a service in this package. */
    static List<Rule> rules(String root) {
        List<Rule> rules = new ArrayList<>(LibraryArchitecture.rules());
        rules.add(new Rule(
                "domain knows the language, its own records and the decider, no framework",
                classes()
                        .that()
                        .resideInAPackage(root + ".domain..")
                        .should()
                        .onlyDependOnClassesThat(named("pure classes", type -> isPure(type, root + ".domain")))));
        rules.add(new Rule(
                "domain has no clock and no randomness: time and ids enter inside the command",
                noClasses()
                        .that()
                        .resideInAPackage(root + ".domain..")
                        .should()
                        .callMethodWhere(DescribedPredicate.describe(
                                "is a clock or random", call -> isClockOrRandom(call.getTarget())))
                        .orShould()
                        .dependOnClassesThat()
                        .haveFullyQualifiedName("java.time.Clock")
                        .orShould()
                        .dependOnClassesThat()
                        .haveNameMatching("java\\.util\\.(Random|SplittableRandom|UUID\\$Holder)")));
        rules.add(new Rule(
                "api translates HTTP and has no SQL and no Kafka client",
                noClasses()
                        .that()
                        .resideInAPackage(root + ".api..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.vertx.mutiny.sqlclient..",
                                "io.vertx.mutiny.pgclient..",
                                "io.vertx.sqlclient..",
                                "io.vertx.pgclient..",
                                "java.sql..",
                                "javax.sql..",
                                "jakarta.persistence..",
                                "org.hibernate..",
                                "org.apache.kafka..")));
        rules.add(new Rule(
                "only projections use Panache: commands take the reactive client, which costs a fifth",
                noClasses()
                        .that()
                        .resideInAnyPackage(rooms(root, "domain", "api", "application", "reactions", "publishing"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("io.quarkus.hibernate..", "jakarta.persistence..", "org.hibernate..")));
        rules.add(seesNone(root, "publishing", "api", "application", "reactions", "projections"));
        rules.add(seesNone(root, "projections", "api", "application", "reactions"));
        rules.add(seesNone(root, "reactions", "api"));
        rules.add(seesNone(root, "application", "api"));
        rules.add(new Rule(
                "a reaction is named When…Then… (or Follow…, which routes a topic to them), and lives in reactions",
                classes()
                        .that()
                        .implement(Reaction.class)
                        .or()
                        .haveNameMatching(".*\\." + REACTION.pattern())
                        .should()
                        .resideInAPackage(root + ".reactions..")
                        .andShould()
                        .haveNameMatching(".*\\.(" + REACTION.pattern() + "|" + ROUTE.pattern() + ")")));
        rules.add(new Rule(
                "states, commands, events and rejections are sealed, so that a new one fails compilation where it matters",
                classes()
                        .that()
                        .resideInAPackage(root + ".domain..")
                        .and()
                        .areInterfaces()
                        .and()
                        .doNotHaveSimpleName("package-info")
                        .should(Conditions.beSealed())));
        return List.copyOf(rules);
    }

    private static Rule seesNone(String root, String room, String... others) {
        return new Rule(
                room + " does not see " + String.join(", ", others),
                noClasses()
                        .that()
                        .resideInAPackage(root + "." + room + "..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(rooms(root, others)));
    }

    private static String[] rooms(String root, String... names) {
        return Stream.of(names).map(name -> root + "." + name + "..").toArray(String[]::new);
    }

    private static boolean isPure(JavaClass target, String domain) {
        JavaClass type = target.getBaseComponentType();
        String inPackage = type.getPackageName();
        return type.isPrimitive()
                || inPackage.equals(domain)
                || inPackage.startsWith(domain + ".")
                || inPackage.startsWith("java.lang")
                || inPackage.startsWith("java.time")
                || inPackage.startsWith("org.jspecify.annotations")
                || List.of(
                                "java.math",
                                "java.text",
                                "java.util",
                                "java.util.function",
                                "java.util.regex",
                                "java.util.stream")
                        .contains(inPackage)
                || isPartOf(type, Decider.class)
                || isPartOf(type, Decision.class)
                || isValue(type, inPackage);
    }

    // The values of the libraries that passes speak about, but nothing there that works with a database or a key.
    private static boolean isValue(JavaClass type, String inPackage) {
        return (inPackage.equals("tap.codes") || inPackage.equals("tap.directory"))
                && (type.isRecord()
                        || type.isEnum()
                        || type.isInterface()
                        || type.getSimpleName().equals("SealedVerifier"));
    }

    private static boolean isPartOf(JavaClass type, Class<?> whole) {
        return type.getName().equals(whole.getName()) || type.getName().startsWith(whole.getName() + "$");
    }

    private static boolean isClockOrRandom(AccessTarget target) {
        String owner = target.getOwner().getName();
        String method = target.getName();
        return (owner.startsWith("java.time.") && method.equals("now"))
                || (owner.equals("java.util.UUID") && method.equals("randomUUID"))
                || (owner.equals("java.lang.Math") && method.equals("random"))
                || (owner.equals("java.util.Collections") && method.equals("shuffle"))
                || (owner.equals("java.lang.System")
                        && !method.equals("arraycopy")
                        && !method.equals("identityHashCode"))
                || owner.equals("java.lang.Thread")
                || owner.equals("java.lang.Runtime")
                || owner.equals("java.lang.ProcessHandle");
    }

    private static DescribedPredicate<JavaClass> named(String what, Predicate<JavaClass> holds) {
        return DescribedPredicate.describe(what, holds);
    }
}
