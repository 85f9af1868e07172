package tap.endtoend.torture.order;

import java.util.List;

import org.junit.jupiter.api.Test;
import tap.endtoend.torture.order.Operation.What;
import tap.endtoend.torture.order.PassHistories.Whose;

import static org.assertj.core.api.Assertions.assertThat;

class PassHistoriesTest {
    private static final long REST = 1_000;
    private static final long DOUBT = 50;

    private final PassHistories histories = new PassHistories(DOUBT);

    @Test
    void a_pass_that_replaced_another_ends_it_and_not_itself() {
        issue("first", 10, 20);
        issue("second", 30, 40);
        use("second", 50);
        assertThat(violations()).isEmpty();
        use("first", 60);
        assertThat(violations()).singleElement().asString().contains("pass first of user ann");
    }

    @Test
    void of_two_passes_issued_at_once_each_may_have_replaced_the_other() {
        issue("first", 10, 40);
        issue("second", 20, 40);
        histories.ofPass("first", Operation.effective(What.REFUSED, 50, 60));
        use("second", 50);
        assertThat(violations()).isEmpty();
    }

    @Test
    void a_pass_of_somebody_else_is_left_alone() {
        issue("first", 10, 20);
        histories.ofUser("bob", Operation.effective(What.WITHDRAWN, 30, 40), null);
        histories.ofPass("first", Operation.effective(What.REFUSED, 50, 60));
        assertThat(violations()).isNotEmpty();
    }

    @Test
    void what_was_announced_is_so_when_there_is_rest() {
        issue("first", 10, 20);
        histories.ofPass("first", Operation.announced(What.WITHDRAWN, 30));
        use("first", 40);
        histories.ofPass("first", Operation.effective(What.FOUND, REST - 2, REST - 1));
        assertThat(violations()).isEmpty();
        histories.ofPass("first", Operation.effective(What.FOUND, REST + 1, REST + 2));
        assertThat(violations()).isNotEmpty();
    }

    @Test
    void a_pass_begins_under_the_policy_of_before() {
        policy(What.DISABLED, 1, 5);
        issue("first", 10, 20);
        histories.ofPass("first", Operation.effective(What.REFUSED, 30, 40));
        policy(What.ENABLED, 50, 60);
        use("first", 70);
        assertThat(violations()).isEmpty();
        histories.ofPass("first", Operation.effective(What.REFUSED, 80, 90));
        assertThat(violations()).isNotEmpty();
    }

    @Test
    void a_change_of_the_policy_that_nobody_answered_may_happen_for_a_while() {
        histories.ofPolicy(Operation.possible(What.DISABLED, 1));
        policy(What.ENABLED, 2, 3);
        issue("first", 10, 20);
        histories.ofPass("first", Operation.effective(What.REFUSED, 30, 40));
        assertThat(violations()).isEmpty();
        issue("later", 100, 110);
        histories.ofPass("later", Operation.effective(What.REFUSED, 120, 130));
        assertThat(violations()).singleElement().asString().contains("pass later");
    }

    @Test
    void a_change_that_was_announced_is_so_before_the_next_one() {
        histories.ofPolicy(Operation.announced(What.DISABLED, 1));
        policy(What.ENABLED, 2, 3);
        issue("first", 10, 20);
        histories.ofPass("first", Operation.effective(What.REFUSED, 30, 40));
        assertThat(violations()).isNotEmpty();
    }

    private List<String> violations() {
        return histories.violations(REST);
    }

    private void issue(String pass, long begun, long ended) {
        histories.issued(new Whose("ann", pass), 3, ended, Operation.effective(What.ADMITTED, begun, ended));
        histories.ofUser("ann", Operation.effective(What.WITHDRAWN, begun, ended), pass);
    }

    private void use(String pass, long begun) {
        histories.ofPass(pass, Operation.effective(What.USED, begun, begun + 5));
    }

    private void policy(What what, long begun, long ended) {
        histories.ofPolicy(Operation.effective(what, begun, ended));
    }
}
