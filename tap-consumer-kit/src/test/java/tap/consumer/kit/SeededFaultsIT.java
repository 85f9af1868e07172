package tap.consumer.kit;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tap.testkit.infrastructure.SharedServers;

import static org.assertj.core.api.Assertions.assertThat;

/** The kit finds each fault where it lies, and none where there is none. */
class SeededFaultsIT {
    // a good consumer is not to be found slow on a busy machine; one that stands still is not to be waited for
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void nothing_is_found_in_a_good_consumer() {
        Report report = run(null, EnumSet.allOf(Scenario.class));
        assertThat(report.findings()).as("%s", report).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void is_found(Fault fault) {
        Report report = run(fault, fault.foundWith());
        // whether a kill falls between two steps, and whether what is done twice then shows, is chance
        for (int more = 0; more < fault.luck() && report.isConformant(); more++) {
            report = run(fault, fault.foundWith());
        }
        assertThat(report.findings())
                .as("%s", report)
                .extracting(Report.Finding::scenario)
                .containsAll(fault.foundWith());
        assertThat(report.isConformant()).isFalse();
    }

    private static Report run(@Nullable Fault fault, Set<Scenario> scenarios) {
        long seed = ThreadLocalRandom.current().nextLong();
        Report report = new ConformanceKit(
                        SharedServers.ofThisBuild().kafka().bootstrap(),
                        () -> new BadConsumer(fault),
                        seed,
                        fault == null ? PATIENCE : SHORT)
                .run(scenarios);
        System.out.println((fault == null ? "no fault" : fault) + ": " + report);
        return report;
    }
}
