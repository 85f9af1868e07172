package tap.eventsourcing.suites;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tap.eventsourcing.relay.LogOrder;
import tap.eventsourcing.suites.PublishedStreams.Kind;
import tap.eventsourcing.suites.RelayChaos.Harm;
import tap.eventsourcing.suites.RelayChaos.Outcome;
import tap.eventsourcing.suites.RelayChaos.Plan;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The short form. The long one is the same with {@code -Drelay.chaos.seconds=600}; {@code -Drelay.chaos.seed} repeats a run's
 * decisions.
 */
class RelayChaosIT {
    private static RelayChaos chaos;

    @BeforeAll
    static void open() {
        chaos = new RelayChaos();
    }

    @AfterAll
    static void close() {
        chaos.close();
    }

    @Test
    void whatever_is_killed_or_frozen_each_stream_is_published_completely_and_in_order() throws InterruptedException {
        Outcome outcome = play(
                Duration.ofSeconds(Long.getLong("relay.chaos.seconds", 8)),
                LogOrder.SNAPSHOT,
                EnumSet.allOf(Harm.class));
        assertThat(outcome.verdict().faults()).isEmpty();
        assertThat(outcome.lost()).isEmpty();
        assertThat(outcome.verdict().stored()).hasSizeGreaterThan(200);
        assertThat(outcome.survived()).containsOnlyKeys(Harm.values());
    }

    @Test
    void a_cursor_on_seq_loses_what_commits_late_and_the_judge_says_so() throws InterruptedException {
        Outcome outcome = play(Duration.ofSeconds(1), LogOrder.SEQ, Set.of());
        assertThat(outcome.verdict().count(Kind.LOST)).isPositive();
        assertThat(outcome.verdict().faults()).contains(new PublishedStreams.Fault(Kind.LOST, "late", 1));
    }

    @Test
    void a_cursor_on_xid_reorders_streams_and_the_judge_says_so() throws InterruptedException {
        Outcome outcome = play(Duration.ofSeconds(1), LogOrder.XID, Set.of());
        assertThat(outcome.verdict().faults()).contains(new PublishedStreams.Fault(Kind.OUT_OF_ORDER, "crossed", 2));
    }

    private static Outcome play(Duration load, LogOrder order, Set<Harm> harms) throws InterruptedException {
        long seed = Long.getLong("relay.chaos.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Outcome outcome = chaos.play(new Plan(seed, load, 64, order, harms));
        System.out.printf(
                "%s: %d events, %d repeated, survived %s, lost %d, out of order %d%n",
                order,
                outcome.verdict().stored().size(),
                outcome.verdict().repeated(),
                outcome.survived(),
                outcome.verdict().count(Kind.LOST),
                outcome.verdict().count(Kind.OUT_OF_ORDER));
        return outcome;
    }
}
