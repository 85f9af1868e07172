package tap.testkit.faults;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * What one end of a connection sends to the other: in order, late by the latency of when it was sent, held while its direction is
 * lost. The end of the connection queues behind the bytes. Lives on the proxy's event loop.
 */
final class Flow {
    // Then the sender is no longer read, and its kernel tells it to wait, as over a real network.
    private static final int MOST_UNDER_WAY = 1 << 20;

    private final TcpProxy proxy;
    private final Direction direction;
    private final NetSocket from;
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private int bytes;
    private boolean paused;
    private boolean timed;
    private @Nullable NetSocket to;

    Flow(TcpProxy proxy, Direction direction, NetSocket from) {
        this.proxy = proxy;
        this.direction = direction;
        this.from = from;
        from.handler(this::sent);
        from.endHandler(end -> sent(null));
        // A reset arrives as an end too.
        from.exceptionHandler(reset -> {});
    }

    /** Says where to; what came before was kept. */
    void into(NetSocket receiver) {
        to = receiver;
        receiver.drainHandler(drained -> move());
        move();
    }

    /** Passes on whatever is due. */
    void move() {
        NetSocket receiver = to;
        while (receiver != null && !underWay.isEmpty() && !proxy.holds(direction)) {
            Sent next = underWay.element();
            long early = next.dueAt - System.nanoTime();
            if (early > 0) {
                moveIn(early);
                return;
            }
            if (receiver.writeQueueFull()) {
                return;
            }
            underWay.remove();
            if (next.bytes == null) {
                receiver.close();
                return;
            }
            receiver.write(next.bytes);
            bytes -= next.bytes.length();
            if (paused && bytes < MOST_UNDER_WAY) {
                paused = false;
                from.resume();
            }
        }
    }

    private void sent(@Nullable Buffer buffer) {
        underWay.add(new Sent(buffer, System.nanoTime() + proxy.latency().toNanos()));
        bytes += buffer == null ? 0 : buffer.length();
        if (bytes >= MOST_UNDER_WAY) {
            paused = true;
            from.pause();
        }
        move();
    }

    private void moveIn(long nanos) {
        if (!timed) {
            timed = true;
            proxy.vertx().setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, due -> {
                timed = false;
                move();
            });
        }
    }

    /**
     * Bytes, or the end of the connection.
     *
     * @param bytes null at the end
     * @param dueAt {@link System#nanoTime} when they arrive
     */
    private record Sent(@Nullable Buffer bytes, long dueAt) {}
}
