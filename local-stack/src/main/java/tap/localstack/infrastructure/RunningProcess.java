package tap.localstack.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A process known by its id and its start, so that an id which the system has given to somebody else is never taken for it.
 *
 * @param pid the process id
 * @param startedAt when the system started it, to the precision that the system tells; null where it does not tell
 */
public record RunningProcess(long pid, @Nullable Instant startedAt) {
    // Linux derives the start from the boot time, which moves by some milliseconds when the clock is adjusted.
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

    /** The process behind this handle, as it is now. */
    public static RunningProcess of(ProcessHandle handle) {
        return new RunningProcess(handle.pid(), handle.info().startInstant().orElse(null));
    }

    /** The process with this id, if there is one. */
    public static Optional<RunningProcess> find(long pid) {
        return ProcessHandle.of(pid).map(RunningProcess::of).filter(RunningProcess::isAlive);
    }

    /** Whether this very process runs; one that has ended and only waits for its parent to notice does not. */
    public boolean isAlive() {
        return handle().isPresent();
    }

    /** Asks the process to end, kills it after {@code patience}, and returns when it is gone. */
    public void stop(Duration patience) {
        Optional<ProcessHandle> handle = handle();
        if (handle.isEmpty()) {
            return;
        }
        handle.get().destroy();
        if (!awaitEnd(handle.get(), patience)) {
            kill();
        }
    }

    /** Ends the process without asking (SIGKILL) and returns when it is gone. */
    public void kill() {
        handle().ifPresent(handle -> {
            handle.destroyForcibly();
            if (!awaitEnd(handle, Duration.ofSeconds(10))) {
                throw new LocalStackException("Process " + pid + " cannot be killed. End it by hand and try again.");
            }
        });
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid)
                .filter(this::isSame)
                .filter(ProcessHandle::isAlive)
                .filter(handle -> !isDefunct());
    }

    private boolean isSame(ProcessHandle handle) {
        Instant start = handle.info().startInstant().orElse(null);
        return startedAt == null
                || start == null
                || Duration.between(startedAt, start).abs().compareTo(START_TOLERANCE) <= 0;
    }

    /**
     * A process whose parent has not collected its exit still has an id on Linux; its state is then Z. So it is as soon as its first
     * thread has ended, but only the end of the last one closes its files and frees its ports.
     */
    private boolean isDefunct() {
        Path process = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            String stat = Files.readString(process.resolve("stat"));
            int state = stat.lastIndexOf(')') + 2;
            return stat.length() > state
                    && (stat.charAt(state) == 'Z' || stat.charAt(state) == 'X')
                    && threads.count() <= 1;
        } catch (IOException | UncheckedIOException notLinuxOrGone) {
            return false;
        }
    }

    private boolean awaitEnd(ProcessHandle handle, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                // Slices, because a process that is not our child may end without its handle being told.
                handle.onExit().get(20, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException stillThere) {
                if (!isAlive()) {
                    return true;
                }
            } catch (ExecutionException impossible) {
                throw new IllegalStateException(impossible);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !isAlive();
    }
}
