package tap.eventsourcing.confirmation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.CallerContext;

/**
 * Confirmation by fact: a waiting request is woken when its own pod applied the fact. Where another pod may apply it, it looks every 5
 * to 50 ms; where this one does, only after a while, because the partition may have gone to another meanwhile.
 */
public final class Facts {
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration LATE = Duration.ofMillis(50);
    private static final Duration UNTOLD = Duration.ofMillis(250);

    private final Semaphore places;
    private final Map<String, Set<Waiter>> waiting = new ConcurrentHashMap<>();

    /** @param mostWaiting how many requests may wait at once; more are answered as not confirmed */
    public Facts(int mostWaiting) {
        this.places = new Semaphore(mostWaiting);
    }

    /**
     * Waits until a fact holds.
     *
     * @param key what {@link #signal} will name
     * @param appliedHere whether this pod is the one that will apply the fact, as far as it knows
     * @param holds looks whether the fact is in the database
     * @return true if it held within the time, else false; on the caller's context; fails only if {@code holds} fails
     */
    public Uni<Boolean> await(String key, boolean appliedHere, Supplier<Uni<Boolean>> holds, Duration timeout) {
        return Uni.createFrom().deferred(() -> {
            Executor caller = CallerContext.current();
            Uni<Boolean> answer = places.tryAcquire()
                    ? Uni.createFrom()
                            .deferred(() -> look(key, holds, appliedHere ? UNTOLD : SOON))
                            .onTermination()
                            .invoke(() -> places.release())
                    : holds.get();
            return answer.ifNoItem().after(timeout).recoverWithItem(false).emitOn(caller);
        });
    }

    /** Says, after the commit, that this pod applied a fact; returns at once. */
    public void signal(String key) {
        Set<Waiter> woken = waiting.remove(key);
        if (woken != null) {
            woken.forEach(waiter -> waiter.woken.complete(null));
        }
    }

    // Listens before it looks, so that a fact that arrives in between is not slept through.
    private Uni<Boolean> look(String key, Supplier<Uni<Boolean>> holds, Duration pause) {
        Waiter waiter = new Waiter();
        waiting.compute(key, (named, waiters) -> {
            Set<Waiter> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
            all.add(waiter);
            return all;
        });
        return holds.get()
                .flatMap(held -> held
                        ? Uni.createFrom().item(true)
                        : Uni.createFrom()
                                .completionStage(waiter.woken)
                                .ifNoItem()
                                .after(pause)
                                .recoverWithUni(Uni.createFrom().voidItem())
                                .replaceWith(false))
                .onTermination()
                .invoke(() -> forget(key, waiter))
                .flatMap(held -> held ? Uni.createFrom().item(true) : look(key, holds, longer(pause)));
    }

    private void forget(String key, Waiter waiter) {
        waiting.computeIfPresent(key, (named, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        });
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LATE) > 0 ? LATE : doubled;
    }

    private static final class Waiter {
        private final CompletableFuture<@Nullable Void> woken = new CompletableFuture<>();
    }
}
