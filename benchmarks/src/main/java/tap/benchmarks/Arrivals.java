package tap.benchmarks;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import org.HdrHistogram.ConcurrentHistogram;

/** Pairs when an event was due and sent with when it arrived, whichever is heard of first; latencies in microseconds. */
final class Arrivals {
    private final Map<UUID, Sent> sent = new ConcurrentHashMap<>();
    private final Map<UUID, Long> arrived = new ConcurrentHashMap<>();
    private final ConcurrentHistogram fromSent = new ConcurrentHistogram(3);
    private final ConcurrentHistogram fromDue = new ConcurrentHistogram(3);

    /** An event is committed, or handed to a producer, now. */
    void sent(UUID id, long due) {
        sent.put(id, new Sent(due, System.nanoTime()));
        settle(id);
    }

    /** An event is where it should come, now. */
    void arrived(UUID id) {
        arrived.put(id, System.nanoTime());
        settle(id);
    }

    /** Events that were sent and have arrived. */
    long count() {
        return fromSent.getTotalCount();
    }

    private void settle(UUID id) {
        if (sent.containsKey(id) && arrived.containsKey(id)) {
            Sent from = sent.remove(id);
            Long to = arrived.remove(id);
            if (from != null && to != null) {
                fromSent.recordValue(Math.max(0, to - from.at) / 1_000);
                fromDue.recordValue(Math.max(0, to - from.due) / 1_000);
            }
        }
    }

    @Override
    public String toString() {
        return "n=%d  p50 %.1f ms  p99 %.1f ms  max %.1f ms; from due p50 %.1f ms  p99 %.1f ms"
                .formatted(
                        count(),
                        fromSent.getValueAtPercentile(50) / 1e3,
                        fromSent.getValueAtPercentile(99) / 1e3,
                        fromSent.getMaxValue() / 1e3,
                        fromDue.getValueAtPercentile(50) / 1e3,
                        fromDue.getValueAtPercentile(99) / 1e3);
    }

    private record Sent(long due, long at) {}
}
