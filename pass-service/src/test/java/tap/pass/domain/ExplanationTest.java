package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import tap.pass.domain.Explanation.Check;
import tap.pass.domain.Explanation.Ending;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static tap.pass.domain.Passes.ADA;
import static tap.pass.domain.Passes.ADMITTED;
import static tap.pass.domain.Passes.FIRST;
import static tap.pass.domain.Passes.NOW;
import static tap.pass.domain.Passes.SECOND;

class ExplanationTest {
    private static final Instant END = NOW.plus(Duration.ofHours(1));
    private static final IssuedPass PASS = new IssuedPass(ADA, FIRST, NOW, null, END, false, 3);
    private static final PolicyAndDirectory ALLOWED =
            new PolicyAndDirectory(7, true, false, true, true, "member", List.of(), true, false, false);

    /** The reason that a check stands for, where it is not met. */
    private static final Map<String, UsabilityReason> REASONS = Map.ofEntries(
            entry("usesAreLeft", UsabilityReason.ONE_TIME_USED),
            entry("endIsToCome", UsabilityReason.EXPIRED),
            entry("startHasCome", UsabilityReason.NOT_YET_VALID),
            entry("admitted", UsabilityReason.NOT_YET_VALID));

    @Test
    void a_usable_pass_meets_every_check() {
        Explanation explanation = Explanation.of(PASS, new Ending(null, null), ADMITTED, ALLOWED, NOW);
        assertThat(explanation.reason()).isEqualTo(UsabilityReason.ENABLED_BY_POLICY);
        assertThat(explanation.checks()).hasSize(15).allMatch(Check::met);
    }

    @Test
    void a_check_tells_what_it_saw() {
        Explanation explanation =
                Explanation.of(PASS, new Ending(SECOND, RevocationReason.DELETED), ADMITTED, ALLOWED, NOW);
        assertThat(explanation.reason()).isEqualTo(UsabilityReason.DISABLED_BY_POLICY);
        assertThat(explanation.checks())
                .contains(
                        new Check("notReplaced", false, Map.of("replacedBy", SECOND.toString())),
                        new Check("notRevoked", false, Map.of("reason", "deleted")),
                        new Check("policyIsEnabled", true, Map.of("policyRevision", 7L)));
    }

    @Test
    void the_first_check_that_is_not_met_is_the_reason() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Explanation explanation = any(random);
            UsabilityReason expected = explanation.checks().stream()
                    .filter(check -> !check.met())
                    .findFirst()
                    .map(check -> REASONS.getOrDefault(check.name(), UsabilityReason.DISABLED_BY_POLICY))
                    .orElse(UsabilityReason.ENABLED_BY_POLICY);
            assertThat(explanation.reason())
                    .as("seed %d: %s", seed, explanation)
                    .isEqualTo(expected);
        }
    }

    // each fault is rare, so that every reason is the first now and then
    private static Explanation any(Random random) {
        boolean once = rarely(random);
        return Explanation.of(
                new IssuedPass(
                        ADA,
                        FIRST,
                        NOW,
                        random.nextBoolean() ? null : NOW.plusSeconds(random.nextInt(10)),
                        NOW.plusSeconds(10 + random.nextInt(10)),
                        once,
                        once ? Integer.valueOf(1) : random.nextBoolean() ? null : Integer.valueOf(3)),
                new Ending(rarely(random) ? SECOND : null, rarely(random) ? RevocationReason.USER_INACTIVE : null),
                new Allowance(
                        !rarely(random),
                        rarely(random),
                        rarely(random) ? 3 : 0,
                        null,
                        rarely(random),
                        rarely(random),
                        rarely(random),
                        rarely(random)),
                new PolicyAndDirectory(
                        1,
                        !rarely(random),
                        rarely(random),
                        true,
                        !rarely(random),
                        rarely(random) ? "externalGuest" : "member",
                        List.of(),
                        !rarely(random),
                        rarely(random),
                        rarely(random)),
                NOW.plusSeconds(random.nextInt(20)));
    }

    private static boolean rarely(Random random) {
        return random.nextInt(12) == 0;
    }
}
