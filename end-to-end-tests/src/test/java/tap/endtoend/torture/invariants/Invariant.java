package tap.endtoend.torture.invariants;

import java.util.List;
import java.util.stream.Stream;

import tap.endtoend.torture.Violation;

/** Something that must hold at rest, whatever happened before. */
public abstract sealed class Invariant
        permits AcknowledgedCommandsStored,
                StoresEqualTopics,
                HeadsEqualFolds,
                CopiesEqualSources,
                PassesEqualAllowances,
                NothingParked,
                UsesWithinAllowance {
    private final String promise;

    Invariant(String promise) {
        this.promise = promise;
    }

    /** All of them. */
    public static List<Invariant> all() {
        return List.of(
                new AcknowledgedCommandsStored(),
                new StoresEqualTopics(),
                new HeadsEqualFolds(),
                new CopiesEqualSources(),
                new PassesEqualAllowances(),
                new NothingParked(),
                new UsesWithinAllowance());
    }

    /** Where it does not hold; none if it does. */
    public List<Violation> violations(Evidence evidence) {
        return violated(evidence).map(what -> new Violation(promise, what)).toList();
    }

    abstract Stream<String> violated(Evidence evidence);

    @Override
    public String toString() {
        return promise;
    }
}
