package tap.consumer.kit;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What the kit found.
 *
 * @param seed of the history, with which the same one is made again
 * @param findings what the consumer got wrong, in the order of the scenarios
 */
public record Report(long seed, List<Finding> findings) {
    /**
     * One thing that the consumer got wrong.
     *
     * @param scenario what was played
     * @param sentence what it got wrong
     */
    public record Finding(Scenario scenario, String sentence) {}

    /** Whether nothing was wrong. */
    public boolean isConformant() {
        return findings.isEmpty();
    }

    /** The findings as text, a line each. */
    @Override
    public String toString() {
        return isConformant()
                ? "The consumer got nothing wrong (seed " + seed + ")."
                : findings.stream()
                        .map(finding -> "With " + finding.scenario() + ": " + finding.sentence())
                        .collect(Collectors.joining("\n", "What the consumer got wrong (seed " + seed + "):\n", ""));
    }
}
