package tap.pass.domain;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import tap.pass.domain.UsabilityReason.Terms;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.pass.domain.Allowance.UNKNOWN;
import static tap.pass.domain.Passes.ADA;
import static tap.pass.domain.Passes.ADMITTED;
import static tap.pass.domain.Passes.FIRST;
import static tap.pass.domain.Passes.NOW;
import static tap.pass.domain.UsabilityReason.DISABLED_BY_POLICY;
import static tap.pass.domain.UsabilityReason.ENABLED_BY_POLICY;
import static tap.pass.domain.UsabilityReason.EXPIRED;
import static tap.pass.domain.UsabilityReason.NOT_YET_VALID;
import static tap.pass.domain.UsabilityReason.ONE_TIME_USED;

class UsabilityReasonTest {
    private static final Terms ALLOWED = new Terms(true, false);
    private static final Terms ONE_TIME_ONLY = new Terms(true, true);
    private static final Terms FORBIDDEN = new Terms(false, false);
    private static final Instant START = NOW.plus(Duration.ofMinutes(10));
    private static final Instant END = NOW.plus(Duration.ofHours(1));

    private static final IssuedPass THRICE = new IssuedPass(ADA, FIRST, NOW, null, END, false, 3);
    private static final IssuedPass LATER = new IssuedPass(ADA, FIRST, NOW, START, END, true, 1);

    private static final Allowance USED_TWICE = used(2, false);
    private static final Allowance SPENT = used(3, true);
    private static final Allowance OVER = new Allowance(true, false, 0, null, false, true, false, false);
    private static final Allowance LOCKED = new Allowance(true, false, 0, null, false, false, true, false);
    private static final Allowance WITHDRAWN = new Allowance(true, false, 0, null, false, false, false, true);
    private static final Allowance REFUSED = new Allowance(false, true, 0, null, false, false, false, false);

    @Test
    void a_spent_pass_is_used_whatever_else_holds() {
        assertThat(UsabilityReason.of(THRICE, true, SPENT, FORBIDDEN, END)).isEqualTo(ONE_TIME_USED);
        assertThat(UsabilityReason.of(THRICE, false, used(3, false), ALLOWED, NOW))
                .isEqualTo(ONE_TIME_USED);
    }

    @Test
    void at_its_end_a_pass_is_expired_whether_or_not_that_was_recorded() {
        assertThat(UsabilityReason.of(THRICE, false, USED_TWICE, FORBIDDEN, END))
                .isEqualTo(EXPIRED);
        assertThat(UsabilityReason.of(THRICE, true, OVER, ALLOWED, NOW)).isEqualTo(EXPIRED);
        assertThat(UsabilityReason.of(THRICE, false, ADMITTED, ALLOWED, END.minusNanos(1)))
                .isEqualTo(ENABLED_BY_POLICY);
    }

    @Test
    void what_is_closed_or_out_of_policy_is_disabled() {
        assertThat(UsabilityReason.of(THRICE, false, ADMITTED, FORBIDDEN, NOW)).isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, false, ADMITTED, ONE_TIME_ONLY, NOW))
                .isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, true, ADMITTED, ALLOWED, NOW)).isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, false, LOCKED, ALLOWED, NOW)).isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, false, WITHDRAWN, ALLOWED, NOW)).isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, false, REFUSED, ALLOWED, NOW)).isEqualTo(DISABLED_BY_POLICY);
        assertThat(UsabilityReason.of(LATER, false, ADMITTED, FORBIDDEN, NOW)).isEqualTo(DISABLED_BY_POLICY);
    }

    @Test
    void before_its_start_or_its_admission_a_pass_is_not_yet_valid() {
        assertThat(UsabilityReason.of(THRICE, false, UNKNOWN, ALLOWED, NOW)).isEqualTo(NOT_YET_VALID);
        assertThat(UsabilityReason.of(LATER, false, UNKNOWN, ALLOWED, START)).isEqualTo(NOT_YET_VALID);
        assertThat(UsabilityReason.of(LATER, false, ADMITTED, ALLOWED, START.minusNanos(1)))
                .isEqualTo(NOT_YET_VALID);
    }

    @Test
    void otherwise_it_is_usable_and_nothing_else_is() {
        assertThat(UsabilityReason.of(LATER, false, ADMITTED, ONE_TIME_ONLY, START))
                .isEqualTo(ENABLED_BY_POLICY);
        assertThat(UsabilityReason.of(THRICE, false, USED_TWICE, ALLOWED, NOW)).isEqualTo(ENABLED_BY_POLICY);
        assertThat(UsabilityReason.values()).filteredOn(UsabilityReason::usable).containsExactly(ENABLED_BY_POLICY);
    }

    private static Allowance used(int uses, boolean spent) {
        return new Allowance(true, false, uses, NOW, spent, false, false, false);
    }
}
