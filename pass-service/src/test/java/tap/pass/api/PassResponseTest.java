package tap.pass.api;

import java.security.SecureRandom;

import org.junit.jupiter.api.Test;
import tap.codes.Code;
import tap.pass.application.PassCommands.IssueOutcome;
import tap.pass.domain.Allowance;

import static org.assertj.core.api.Assertions.assertThat;
import static tap.pass.domain.Passes.ADMITTED;
import static tap.pass.domain.Passes.FIRST;
import static tap.pass.domain.Passes.NOW;
import static tap.pass.domain.Passes.pass;

class PassResponseTest {
    private static final Code CODE = Code.draw(10, new SecureRandom());

    @Test
    void an_admitted_pass_is_usable() {
        PassResponse response = issued(ADMITTED);
        assertThat(response.isUsable()).isTrue();
        assertThat(response.methodUsabilityReason()).isEqualTo("EnabledByPolicy");
        assertThat(response.temporaryAccessPass()).isEqualTo(CODE.clearText());
    }

    @Test
    void a_pass_that_nobody_has_answered_for_is_not_yet_valid() {
        PassResponse response = issued(Allowance.UNKNOWN);
        assertThat(response.isUsable()).isFalse();
        assertThat(response.methodUsabilityReason()).isEqualTo("NotYetValid");
    }

    @Test
    void a_pass_that_was_replaced_or_refused_before_the_answer_is_not_said_to_be_usable() {
        assertThat(issued(new Allowance(true, false, 0, null, false, false, false, true))
                        .isUsable())
                .isFalse();
        assertThat(issued(new Allowance(false, true, 0, null, false, false, false, false))
                        .isUsable())
                .isFalse();
    }

    @Test
    void the_code_is_in_no_text_of_a_response() {
        assertThat(issued(ADMITTED).toString()).doesNotContain(CODE.clearText());
        assertThat(outcome(ADMITTED).toString()).doesNotContain(CODE.clearText());
    }

    private static PassResponse issued(Allowance allowance) {
        return PassResponse.issued("context", outcome(allowance));
    }

    private static IssueOutcome.Issued outcome(Allowance allowance) {
        return new IssueOutcome.Issued(pass(FIRST), CODE, allowance, NOW);
    }
}
