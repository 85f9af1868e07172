package tap.testkit.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import tap.localstack.infrastructure.RunningProcess;

import static org.awaitility.Awaitility.await;

/**
 * Kills, freezes and thaws one process of this machine, not its children. Each method returns when the system shows that it happened.
 * Closing thaws, so that a test that fails leaves no frozen process behind. Linux only: the proof is in {@code /proc}.
 */
public final class ProcessFaults implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final char STOPPED = 'T';

    private final RunningProcess process;

    private ProcessFaults(RunningProcess process) {
        this.process = process;
    }

    /**
     * The process with this id. An id that the system gives to another process later is not taken for it.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ProcessFaults of(long pid) {
        return new ProcessFaults(
                RunningProcess.find(pid).orElseThrow(() -> new IllegalArgumentException("there is no process " + pid)));
    }

    /** Ends it as a power cut would (SIGKILL), frozen or not; one that is gone stays gone. */
    public void kill() {
        process.kill();
    }

    /**
     * Stops all its threads (SIGSTOP) and returns when each has stopped. Its connections stay open and say nothing, its timers run out
     * meanwhile and fire when it is thawed.
     *
     * @throws IllegalStateException if it is gone
     */
    public void freeze() {
        signal("STOP");
        await("process " + process.pid() + " to freeze")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(this::isFrozen);
    }

    /**
     * Lets it go on (SIGCONT) and returns when no thread is stopped any more.
     *
     * @throws IllegalStateException if it is gone
     */
    public void thaw() {
        signal("CONT");
        await("process " + process.pid() + " to go on")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> threads().noneMatch(state -> state == STOPPED));
    }

    /** Whether it exists and all its threads are stopped. */
    public boolean isFrozen() {
        List<Character> states = threads().toList();
        return !states.isEmpty() && states.stream().allMatch(state -> state == STOPPED);
    }

    /** Thaws it, if it is there. */
    @Override
    public void close() {
        if (process.isAlive()) {
            thaw();
        }
    }

    private void signal(String name) {
        if (!process.isAlive()) {
            throw new IllegalStateException("process " + process.pid() + " is gone");
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " " + process.pid() + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    // The state of every thread, the field behind the name in parentheses (proc(5)): a stop reaches one after the
    // other.
    private Stream<Character> threads() {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            return threads.flatMap(thread -> state(thread.resolve("stat"))).toList().stream();
        } catch (NoSuchFileException gone) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Character> state(Path stat) {
        try {
            String line = Files.readString(stat);
            return Stream.of(line.charAt(line.lastIndexOf(')') + 2));
        } catch (IOException ended) {
            return Stream.empty();
        }
    }
}
