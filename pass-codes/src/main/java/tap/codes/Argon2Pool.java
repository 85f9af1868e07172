package tap.codes;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The threads that compute Argon2, so that an event loop never does: a fixed number of workers and a short queue. What
 * finds the queue full fails at once with {@link Argon2PoolFull}; waiting longer than the queue would help nobody. Each
 * worker holds the memory of one computation from its first one on.
 *
 * <p>Patient work waits as long as it takes, in a line of its own: of it no more is let into the pool at once than there are
 * workers, so that whoever comes for a single computation waits for at most one of the patient ones.
 *
 * <p>Stages complete on a worker's thread: hop back to your own before going on. Cancelling a stage whose computation has
 * not begun spares the computation.
 */
public final class Argon2Pool implements AutoCloseable {

    /** Queue places for each worker of {@link #forThisMachine}: about half a second at the default cost. */
    private static final int QUEUE_PER_WORKER = 16;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

    private final Argon2Cost usualCost;
    private final ThreadPoolExecutor workers;
    private final ConcurrentLinkedDeque<Argon2> idle = new ConcurrentLinkedDeque<>();
    // guarded by itself, as is how many of them are in the pool
    private final ArrayDeque<Computation<?>> patient = new ArrayDeque<>();
    private int patientInPool;

    private final LongAdder computed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder computedNanos = new LongAdder();

    /**
     * @param workers threads, at least 1; more than cores only adds memory and latency
     * @param queue how many computations may wait, at least 1
     * @param usualCost the cost of new verifiers, which each worker keeps memory for
     * @throws IllegalArgumentException if a number is below 1
     */
    public Argon2Pool(int workers, int queue, Argon2Cost usualCost) {
        if (workers < 1 || queue < 1) {
            throw new IllegalArgumentException(
                    "An Argon2 pool needs at least one worker and one place in its queue, not " + workers + " and "
                            + queue + ".");
        }
        this.usualCost = usualCost;
        this.workers = new ThreadPoolExecutor(
                workers,
                workers,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                Thread.ofPlatform().daemon().name("argon2-", 1).factory());
    }

    /** One worker a core, and a queue that drains in about half a second. */
    public static Argon2Pool forThisMachine(Argon2Cost usualCost) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new Argon2Pool(cores, cores * QUEUE_PER_WORKER, usualCost);
    }

    /** Runs work on a worker. The stage fails with {@link Argon2PoolFull}, unwrapped, when there is no room. */
    <T> CompletionStage<T> submit(Function<Argon2, T> work) {
        Computation<T> computation = new Computation<>(work, false);
        try {
            workers.execute(computation);
        } catch (RejectedExecutionException e) {
            computation.refuse();
        }
        return computation.result;
    }

    /**
     * Runs work on a worker when there is room, behind what does not wait. How much waits is for the callers to bound. The stage
     * fails with {@link Argon2PoolFull} only when the pool closes.
     */
    <T> CompletionStage<T> submitPatiently(Function<Argon2, T> work) {
        Computation<T> computation = new Computation<>(work, true);
        synchronized (patient) {
            patient.addLast(computation);
        }
        letIn();
        return computation.result;
    }

    // Called when patient work comes, and after every computation. Who finds the queue full leaves it to the one that
    // is queued
    // there: it will be computed, and lets in afterwards.
    private void letIn() {
        while (true) {
            Computation<?> next;
            synchronized (patient) {
                next = patientInPool < workers.getCorePoolSize() ? patient.pollFirst() : null;
                if (next == null) {
                    return;
                }
                patientInPool++;
            }
            try {
                workers.execute(next);
            } catch (RejectedExecutionException full) {
                synchronized (patient) {
                    patientInPool--;
                    if (workers.isShutdown()) {
                        next.refuse();
                        patient.forEach(Computation::refuse);
                        patient.clear();
                        return;
                    }
                    patient.addFirst(next);
                }
                if (workers.getQueue().remainingCapacity() == 0) {
                    return;
                }
            }
        }
    }

    private void left(Computation<?> computation) {
        synchronized (patient) {
            if (computation.isPatient) {
                patientInPool--;
            }
        }
        letIn();
    }

    /** How much patient work waits to be let in. */
    public int patientLength() {
        synchronized (patient) {
            return patient.size();
        }
    }

    /** The cost that the workers keep memory for. */
    Argon2Cost usualCost() {
        return usualCost;
    }

    /** How many computations wait for a worker now. */
    public int queueLength() {
        return workers.getQueue().size();
    }

    /** How many workers compute now, approximately. */
    public int busyWorkers() {
        return workers.getActiveCount();
    }

    /** How many computations were finished, the failed ones included. */
    public long computed() {
        return computed.sum();
    }

    /** How many were refused because the queue was full. */
    public long refused() {
        return refused.sum();
    }

    /** How many were cancelled before they began. */
    public long abandoned() {
        return abandoned.sum();
    }

    /** How long all finished computations together had waited for a worker. */
    public Duration waited() {
        return Duration.ofNanos(waitedNanos.sum());
    }

    /** How long all finished computations together took, without their wait. */
    public Duration computedFor() {
        return Duration.ofNanos(computedNanos.sum());
    }

    /** Refuses new work, finishes what is queued, and after 5 s refuses what is still waiting. */
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    void close(Duration within) {
        workers.shutdown();
        try {
            if (workers.awaitTermination(within.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Runnable waiting : workers.shutdownNow()) {
            if (waiting instanceof Computation<?> computation) {
                computation.refuse();
            }
        }
        letIn();
    }

    private final class Computation<T> implements Runnable {

        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final Function<Argon2, T> work;
        private final boolean isPatient;
        private final long submittedAt = System.nanoTime();

        Computation(Function<Argon2, T> work, boolean isPatient) {
            this.work = work;
            this.isPatient = isPatient;
        }

        void refuse() {
            refused.increment();
            result.completeExceptionally(new Argon2PoolFull());
        }

        @Override
        public void run() {
            if (result.isDone()) {
                abandoned.increment();
                left(this);
                return;
            }
            long begun = System.nanoTime();
            T value = null;
            Throwable failure = null;
            try {
                value = compute();
            } catch (Throwable t) {
                failure = t;
            }
            // counted before the answer is out, so that whoever has the answer finds it counted
            waitedNanos.add(begun - submittedAt);
            computedNanos.add(System.nanoTime() - begun);
            computed.increment();
            left(this);
            finish(value, failure);
        }

        private void finish(@Nullable T value, @Nullable Throwable failure) {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        }

        private T compute() {
            // last in, first out: under light load one set of blocks serves all
            Argon2 argon2 = idle.pollLast();
            if (argon2 == null) {
                argon2 = new Argon2(usualCost);
            }
            T value = work.apply(argon2);
            // not in a finally: after a failure, an OutOfMemoryError say, its memory is better let go
            idle.addLast(argon2);
            return value;
        }
    }
}
