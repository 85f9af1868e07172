package tap.eventsourcing;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

/**
 * Who has lost a race for a stream waits here for its turn, in the order of asking: of each pod one at a time then waits at the row,
 * so that a stream which many want takes one connection of the pool, and nobody is overtaken.
 */
final class Turns {
    private final Map<String, CompletableFuture<Void>> last = new ConcurrentHashMap<>();

    /**
     * Subscribes to the work when all that asked before for the same stream have ended, however they ended, on the caller's Vert.x
     * context.
     */
    <T> Uni<T> inTurn(String streamId, Uni<T> work) {
        return Uni.createFrom().deferred(() -> {
            CompletableFuture<Void> mine = new CompletableFuture<>();
            @Nullable CompletableFuture<Void> before = last.put(streamId, mine);
            if (before == null) {
                return work.onTermination().invoke(() -> end(streamId, mine));
            }
            // A copy, because Mutiny cancels what it waits for when its own subscriber leaves.
            return Uni.createFrom()
                    .completionStage(before::copy)
                    .emitOn(CallerContext.current())
                    .chain(() -> work)
                    .onTermination()
                    // Who left before its turn came lets nobody past those before it.
                    .invoke(() -> endAfter(before, streamId, mine));
        });
    }

    /** How many streams have somebody whose turn it is. */
    int streams() {
        return last.size();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it, and it does not fail
    private void endAfter(CompletableFuture<Void> before, String streamId, CompletableFuture<Void> mine) {
        before.thenRun(() -> end(streamId, mine));
    }

    private void end(String streamId, CompletableFuture<Void> mine) {
        last.remove(streamId, mine);
        mine.complete(null);
    }
}
