package tap.testkit;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import tap.eventsourcing.Decider;
import tap.eventsourcing.Decision;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Given-when-then over a decider: {@code given(events).when(command).then(events)}. A test class extends it, so that its
 * nested classes, one per state, read as sentences; or it holds one.
 *
 * @param <C> commands
 * @param <S> states
 * @param <E> events
 * @param <R> rejections
 */
public class DeciderSpecification<C, S, E, R> {
    private final Decider<C, S, E, R> decider;

    /** A specification of this decider. */
    public DeciderSpecification(Decider<C, S, E, R> decider) {
        this.decider = decider;
    }

    /** What happened in the stream so far, in order; nothing for a new stream. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final Given given(E... history) {
        return given(List.of(history));
    }

    /** As {@link #given(Object[])}. */
    public final Given given(List<? extends E> history) {
        return new Given(fold(decider.initial(), history));
    }

    private S fold(S state, List<? extends E> events) {
        S folded = state;
        for (E event : events) {
            folded = decider.evolve(folded, event);
        }
        return folded;
    }

    /** A stream with a history. */
    public final class Given {
        private final S state;

        private Given(S state) {
            this.state = state;
        }

        /** The command under test. */
        public When when(C command) {
            return new When(state, command, decider.decide(command, state));
        }

        /** Looks at the state that the history leads to. */
        public void thenState(Consumer<? super S> expectation) {
            expectation.accept(state);
        }

        /** The history leads to exactly this state. */
        public void thenState(S expected) {
            assertThat(state).isEqualTo(expected);
        }
    }

    /** A decision that waits to be judged. */
    public final class When {
        private final S state;
        private final C command;
        private final Decision<E, R> decision;

        private When(S state, C command, Decision<E, R> decision) {
            this.state = state;
            this.command = command;
            this.decision = decision;
        }

        /** Accepted with exactly these events, in this order, one at least. */
        @SafeVarargs
        @SuppressWarnings("varargs") // the array is only read
        public final Then then(E... expected) {
            if (expected.length == 0) {
                throw new IllegalArgumentException("say thenNothing() when no event is expected");
            }
            List<E> events = accepted();
            assertThat(events).as(() -> what("events of")).containsExactly(expected);
            return new Then(fold(state, events));
        }

        /** Accepted; the expectation looks at the events. */
        public Then thenEvents(Consumer<? super List<E>> expectation) {
            List<E> events = accepted();
            expectation.accept(events);
            return new Then(fold(state, events));
        }

        /** Accepted, and nothing happens: what was asked for is already so. */
        public void thenNothing() {
            assertThat(accepted()).as(() -> what("events of")).isEmpty();
        }

        /** Refused for exactly this reason. */
        public void thenRejected(R expected) {
            assertThat(rejection()).as(() -> what("rejection of")).isEqualTo(expected);
        }

        /** Refused for a reason of this kind. */
        public void thenRejected(Class<? extends R> kind) {
            assertThat(rejection()).as(() -> what("rejection of")).isInstanceOf(kind);
        }

        /** Refused for a reason that the expectation holds of. */
        public void thenRejected(Predicate<? super R> expected) {
            R rejection = rejection();
            assertThat(expected.test(rejection))
                    .as(() -> what("rejection of") + ": " + rejection)
                    .isTrue();
        }

        private List<E> accepted() {
            return switch (decision) {
                case Decision.Accepted<E, R> accepted -> accepted.events();
                case Decision.Rejected<E, R> rejected ->
                    throw new AssertionError(what("refused:") + " because of " + rejected.rejection());
            };
        }

        private R rejection() {
            return switch (decision) {
                case Decision.Rejected<E, R> rejected -> rejected.rejection();
                case Decision.Accepted<E, R> accepted ->
                    throw new AssertionError(what("not refused:") + " with events " + accepted.events());
            };
        }

        private String what(String prefix) {
            return prefix + " " + command + " in state " + state;
        }
    }

    /** An accepted decision, folded. */
    public final class Then {
        private final S state;

        private Then(S state) {
            this.state = state;
        }

        /** The events lead to exactly this state. */
        public void leadingTo(S expected) {
            assertThat(state).isEqualTo(expected);
        }

        /** The events lead to a state of this kind. */
        public void leadingTo(Class<? extends S> kind) {
            assertThat(state).isInstanceOf(kind);
        }
    }
}
