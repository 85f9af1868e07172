package tap.eventsourcing;

import java.util.concurrent.Executor;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Brings an answer that another thread has found back to the event loop of the request that waits for it. */
public final class CallerContext {
    private CallerContext() {}

    /** Runs on the caller's Vert.x context; without one, on the thread that has the answer. */
    public static Executor current() {
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : task -> context.runOnContext(ignored -> task.run());
    }
}
