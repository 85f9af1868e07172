package tap.endtoend.torture.order;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tap.endtoend.torture.order.Operation.What;

import static org.assertj.core.api.Assertions.assertThat;

class PassOrderTest {
    private static final int PLAYS = 2_000;
    private static final int SMALL_HISTORIES = 20_000;
    private static final List<What> ANYTHING = List.of(What.values());
    private static final PassState TWICE = PassState.issued(2, true, true);

    private final long seed = Long.getLong("tap.order.seed", new Random().nextInt(Integer.MAX_VALUE));

    @Test
    void uses_up_to_the_limit_have_an_order_and_one_more_has_none() {
        assertThat(missing(admitted(), used(1, 2), used(1, 3))).isEmpty();
        assertThat(missing(admitted(), used(1, 2), used(1, 3), used(4, 5))).isPresent();
    }

    @Test
    void a_use_that_began_before_the_withdrawal_was_confirmed_has_an_order_and_a_later_one_has_none() {
        assertThat(missing(admitted(), Operation.effective(What.WITHDRAWN, 1, 5), used(4, 9)))
                .isEmpty();
        assertThat(missing(admitted(), Operation.effective(What.WITHDRAWN, 1, 5), used(6, 9)))
                .isPresent();
    }

    @Test
    void a_refusal_needs_a_reason() {
        assertThat(missing(admitted(), refused(1, 2))).isPresent();
        assertThat(missing(admitted(), refused(1, 4), Operation.effective(What.DISABLED, 3, 9)))
                .isEmpty();
        assertThat(missing(admitted(), refused(1, 2), Operation.possible(What.WITHDRAWN, 0)))
                .isEmpty();
    }

    @Test
    void a_use_that_nobody_answered_may_have_happened_or_not() {
        Operation unanswered = Operation.possible(What.USED, 1);
        assertThat(missing(admitted(), unanswered, used(2, 3), used(4, 5), refused(6, 7)))
                .isEmpty();
        assertThat(missing(admitted(), unanswered, used(2, 3), refused(6, 7))).isEmpty();
        assertThat(missing(admitted(), used(2, 3), refused(6, 7))).isPresent();
    }

    @Test
    void what_has_no_order_is_told_with_where_it_ends() {
        assertThat(missing(admitted(), used(1_000_000, 2_000_000), refused(3_000_000, 4_500_000)))
                .hasValueSatisfying(told -> assertThat(told)
                        .contains("After 2 of them", "uses=1", "REFUSED at 3.000 to 4.500 ms", "USED at 1.000 to"));
    }

    @Test
    void a_thousand_at_once_are_judged_in_no_time() {
        List<Operation> operations = new ArrayList<>(List.of(admitted(), Operation.effective(What.DISABLED, 1, 900)));
        IntStream.range(0, 500).forEach(i -> operations.add(used(1, 1_000 + i)));
        IntStream.range(0, 400).forEach(i -> operations.add(refused(1, 1_000 + i)));
        IntStream.range(0, 100).forEach(i -> operations.add(Operation.possible(What.USED, i)));
        assertThat(PassOrder.missing(PassState.issued(600, true, true), operations))
                .isEmpty();
        assertThat(PassOrder.missing(PassState.issued(499, true, true), operations))
                .isPresent();
    }

    @Test
    void what_the_decider_does_over_a_right_store_has_an_order() {
        System.out.println("pass order: seed " + seed);
        for (long play = seed; play < seed + PLAYS; play++) {
            assertThat(judged(play, null)).as("play %d", play).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_wrong_product_does_is_found_out(SimulatedPass.Bug bug) {
        long caught = IntStream.range(0, PLAYS)
                .filter(play -> judged(seed + play, bug).isPresent())
                .count();
        System.out.println(
                "pass order: seed " + seed + ": " + bug + " caught in " + caught + " of " + PLAYS + " plays");
        assertThat(caught).isGreaterThan(PLAYS / 50);
    }

    @Test
    void the_search_finds_an_order_exactly_where_trying_all_of_them_does() {
        System.out.println("pass order: seed " + seed);
        Random random = new Random(seed);
        int ordered = 0;
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            PassState initial = PassState.issued(1 + random.nextInt(2), random.nextBoolean(), random.nextBoolean());
            List<Operation> operations = IntStream.rangeClosed(0, random.nextInt(6))
                    .mapToObj(any -> anyOperation(random))
                    .toList();
            boolean expected = canFollow(initial, operations);
            assertThat(PassOrder.missing(initial, operations).isEmpty())
                    .as("seed %d: %s from %s", seed, operations, initial)
                    .isEqualTo(expected);
            ordered += expected ? 1 : 0;
        }
        assertThat(ordered).isBetween(SMALL_HISTORIES / 20, SMALL_HISTORIES * 19 / 20);
    }

    private static Operation anyOperation(Random random) {
        What what = ANYTHING.get(random.nextInt(ANYTHING.size()));
        long begun = random.nextInt(10);
        return switch (what.isReading() ? 0 : random.nextInt(4)) {
            case 1 -> Operation.possible(what, begun);
            case 2 -> Operation.announced(what, begun);
            default -> Operation.effective(what, begun, begun + random.nextInt(6));
        };
    }

    // Every operation next that none of the others was over before, and those in doubt also never.
    private static boolean canFollow(PassState state, List<Operation> left) {
        return left.stream().noneMatch(Operation::happened)
                || left.stream()
                        .filter(next ->
                                left.stream().noneMatch(other -> other.happened() && other.ended() < next.begun()))
                        .anyMatch(next -> state.after(next.what())
                                .filter(after -> canFollow(after, without(left, next)))
                                .isPresent());
    }

    private static List<Operation> without(List<Operation> operations, Operation one) {
        List<Operation> rest = new ArrayList<>(operations);
        rest.remove(one);
        return rest;
    }

    private static Optional<String> judged(long play, SimulatedPass.@Nullable Bug bug) {
        SimulatedPass.History history = SimulatedPass.play(play, bug);
        return PassOrder.missing(history.initial(), history.operations());
    }

    private static Optional<String> missing(Operation... operations) {
        return PassOrder.missing(TWICE, List.of(operations));
    }

    private static Operation admitted() {
        return Operation.effective(What.ADMITTED, 0, 0);
    }

    private static Operation used(long begun, long ended) {
        return Operation.effective(What.USED, begun, ended);
    }

    private static Operation refused(long begun, long ended) {
        return Operation.effective(What.REFUSED, begun, ended);
    }
}
