package tap.testkit.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class ProcessFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Process ticking;

    @BeforeEach
    void start() throws IOException {
        ticking = new ProcessBuilder("sh", "-c", "while :; do echo tick; sleep 0.01; done")
                .redirectOutput(ticks().toFile())
                .start();
        awaitTick();
    }

    @AfterEach
    void end() {
        ticking.destroyForcibly();
    }

    @Test
    void a_frozen_process_does_nothing_and_goes_on_when_it_is_thawed() throws IOException {
        try (ProcessFaults faults = ProcessFaults.of(ticking.pid())) {
            assertThat(faults.isFrozen()).isFalse();
            faults.freeze();
            assertThat(faults.isFrozen()).isTrue();
            assertThat(state()).isEqualTo('T');
            long frozen = Files.size(ticks());
            await().during(Duration.ofMillis(200))
                    .atMost(PATIENCE)
                    .until(() -> Files.size(ticks()) == frozen && faults.isFrozen());

            faults.thaw();
            assertThat(faults.isFrozen()).isFalse();
            awaitTick();
        }
    }

    @Test
    void closing_thaws() {
        try (ProcessFaults faults = ProcessFaults.of(ticking.pid())) {
            faults.freeze();
        }
        awaitTick();
    }

    @Test
    void a_killed_process_is_gone_frozen_or_not() throws InterruptedException {
        ProcessFaults faults = ProcessFaults.of(ticking.pid());
        faults.freeze();
        faults.kill();
        assertThat(ticking.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ticking.exitValue()).isEqualTo(128 + 9);

        assertThat(faults.isFrozen()).isFalse();
        faults.kill();
        faults.close();
        assertThatThrownBy(faults::freeze)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("gone");
        assertThatThrownBy(() -> ProcessFaults.of(ticking.pid())).isInstanceOf(IllegalArgumentException.class);
    }

    private void awaitTick() {
        long before = ticks().toFile().length();
        await().atMost(PATIENCE).until(() -> ticks().toFile().length() > before);
    }

    private Path ticks() {
        return folder.resolve("ticks");
    }

    private char state() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(ticking.pid()), "stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
