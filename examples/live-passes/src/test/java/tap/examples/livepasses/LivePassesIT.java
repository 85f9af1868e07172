package tap.examples.livepasses;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.Test;
import tap.consumer.kit.ConformanceKit;
import tap.consumer.kit.Report;
import tap.testkit.infrastructure.SharedServers;
import tap.testkit.infrastructure.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class LivePassesIT {
    @Test
    void the_kit_finds_nothing_wrong() {
        long seed = ThreadLocalRandom.current().nextLong();
        try (TestDatabase database = TestDatabase.create("live_passes")) {
            Report report = new ConformanceKit(
                            SharedServers.ofThisBuild().kafka().bootstrap(),
                            () -> new LivePassesUnderTest(database),
                            seed,
                            Duration.ofSeconds(10))
                    .run();
            assertThat(report.findings()).as("%s", report).isEmpty();
        }
    }
}
