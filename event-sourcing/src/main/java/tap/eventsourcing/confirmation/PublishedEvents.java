package tap.eventsourcing.confirmation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.relay.Published;

/** What this pod's relay has published lately, and who waits for more. */
final class PublishedEvents {
    private static final int MOST_REMEMBERED = 4_096;

    private final Map<UUID, Map<TopicPartition, Long>> recent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Map<TopicPartition, Long>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private final Map<UUID, List<Runnable>> listeners = new HashMap<>();

    /** Takes note of a batch, and tells who waits for one of its events. */
    void published(List<Published> batch) {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            for (Published event : batch) {
                recent.put(event.eventId(), event.ends());
                List<Runnable> waiting = listeners.remove(event.eventId());
                if (waiting != null) {
                    told.addAll(waiting);
                }
            }
        }
        told.forEach(Runnable::run);
    }

    /** The ends that all these events have reached, or {@code null} if one is not published or forgotten. */
    synchronized @Nullable Map<TopicPartition, Long> ends(List<UUID> events) {
        Map<TopicPartition, Long> all = new HashMap<>();
        for (UUID event : events) {
            Map<TopicPartition, Long> ends = recent.get(event);
            if (ends == null) {
                return null;
            }
            ends.forEach((partition, end) -> all.merge(partition, end, Math::max));
        }
        return all;
    }

    /** Asks to be told once when an event is published. */
    synchronized void listen(UUID event, Runnable listener) {
        listeners.computeIfAbsent(event, any -> new ArrayList<>(1)).add(listener);
    }

    /** Takes a listener back. */
    synchronized void forget(UUID event, Runnable listener) {
        List<Runnable> waiting = listeners.get(event);
        if (waiting != null) {
            waiting.remove(listener);
            if (waiting.isEmpty()) {
                listeners.remove(event);
            }
        }
    }
}
