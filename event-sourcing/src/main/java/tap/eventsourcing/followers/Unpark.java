package tap.eventsourcing.followers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import tap.eventsourcing.followers.ParkedMessage.ParkedStream;
import tap.eventsourcing.followers.Replay.StaysParked;
import tap.eventsourcing.followers.UnparkRequests.UnparkRequest;

/**
 * Replays parked messages when an operator asks for it with a row in {@code unpark_request}: each stream by version, each message
 * exactly once, read again from its topic. A stream goes on until a message cannot be applied, or the next version is missing; the
 * outcome says so. When nothing of a key is parked any longer its fence is gone, and later messages are applied as ever.
 *
 * <p>Every pod looks for requests; one takes one up. It shows how much is parked in the service as {@code tap.parked} and {@code
 * tap.parked.age}.
 */
public final class Unpark implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Unpark.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 5;
    private static final int MOST_LISTED = 100;

    private final Pool pool;
    private final String bootstrapServers;
    private final Map<String, Follower> followers;
    private final Thread thread = Thread.ofVirtual().name("unpark").unstarted(this::run);
    private volatile ParkedMessages.State state = new ParkedMessages.State(0, 0);

    /** @param followers all of the service's */
    public Unpark(Pool pool, String bootstrapServers, List<Follower> followers, MeterRegistry meters) {
        this.pool = pool;
        this.bootstrapServers = bootstrapServers;
        this.followers = followers.stream().collect(Collectors.toMap(Follower::topic, Function.identity()));
        Gauge.builder("tap.parked", this, unpark -> unpark.state.messages())
                .baseUnit("messages")
                .description("Messages that wait for an operator, in this service; their users' passes are fenced")
                .register(meters);
        TimeGauge.builder("tap.parked.age", this, TimeUnit.SECONDS, unpark -> unpark.state.seconds())
                .description("Age of the oldest message that waits for an operator")
                .register(meters);
    }

    /** Starts to look for requests every second; returns at once. */
    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                if (!look()) {
                    Thread.sleep(LOOK_EVERY);
                }
            }
        } catch (InterruptedException closing) {
            LOG.debug("unpark: closed");
        }
    }

    private boolean look() throws InterruptedException {
        try {
            state = await(ParkedMessages.state(pool));
            Optional<UnparkRequest> request = await(UnparkRequests.take(pool));
            return request.isPresent() && fulfilled(request.get());
        } catch (RuntimeException away) {
            LOG.debugf("unpark: cannot look: %s", away);
            return false;
        }
    }

    private boolean fulfilled(UnparkRequest request) throws InterruptedException {
        try {
            fulfil(request);
            return true;
        } catch (RuntimeException failure) {
            LOG.warnf("unpark: request %d waits for another attempt: %s", request.id(), failure);
            return false;
        }
    }

    private void fulfil(UnparkRequest request) throws InterruptedException {
        long applied = 0;
        Map<ParkedStream, String> left = new LinkedHashMap<>();
        try (ParkedRecords records = new ParkedRecords(bootstrapServers)) {
            boolean progress;
            // What one stream gives back may be what another waits for: a record that could not be read before.
            do {
                progress = false;
                left.clear();
                for (ParkedStream stream : await(ParkedMessages.streams(pool, request.wanted()))) {
                    await(UnparkRequests.keep(pool, request));
                    Outcome outcome = replay(stream, records);
                    applied += outcome.applied;
                    progress |= outcome.moved;
                    if (outcome.left != null) {
                        left.put(stream, outcome.left);
                    }
                }
            } while (progress && !left.isEmpty());
        }
        LOG.infof("unpark: request %d applied %d messages, %d streams stay parked", request.id(), applied, left.size());
        await(UnparkRequests.finish(pool, request, outcome(applied, left)));
    }

    private Outcome replay(ParkedStream stream, ParkedRecords records) throws InterruptedException {
        long applied = 0;
        boolean moved = false;
        try {
            while (true) {
                List<ParkedMessage> next = await(ParkedMessages.next(pool, stream));
                if (next.isEmpty()) {
                    return new Outcome(applied, moved, null);
                }
                for (ParkedMessage parked : next) {
                    if (replay(parked, records) instanceof Replay.Done.Applied) {
                        applied++;
                    }
                    moved = true;
                }
            }
        } catch (StaysParked stays) {
            return new Outcome(applied, moved, stays.getMessage());
        }
    }

    private Replay.Done replay(ParkedMessage parked, ParkedRecords records) throws InterruptedException {
        Follower follower = followers.get(parked.topic());
        if (follower == null) {
            throw new StaysParked("this service does not follow " + parked.topic());
        }
        TopicPartition partition = new TopicPartition(follower.options().kafkaTopic(), parked.partition());
        for (int attempt = 1; ; attempt++) {
            try {
                ParkedRecords.Found found = follower.options().compacted()
                        ? records.newestFrom(partition, parked.offset(), parked.key())
                        : records.at(partition, parked.offset());
                return await(follower.replay(parked, found.record(), found.readUpTo()));
            } catch (StaysParked stays) {
                throw stays;
            } catch (RuntimeException passing) {
                if (attempt == ATTEMPTS) {
                    throw new StaysParked("a fault that may pass: " + passing);
                }
                LOG.debugf("unpark: attempt %d at %s: %s", attempt, parked, passing);
                Thread.sleep(PAUSE);
            }
        }
    }

    private static JsonObject outcome(long applied, Map<ParkedStream, String> left) {
        JsonArray listed = new JsonArray();
        left.entrySet().stream()
                .limit(MOST_LISTED)
                .forEach(entry -> listed.add(new JsonObject()
                        .put("source", entry.getKey().source())
                        .put("stream", entry.getKey().streamId())
                        .put("reason", entry.getValue())));
        return new JsonObject()
                .put("applied", applied)
                .put("streamsLeft", left.size())
                .put("left", listed);
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    private record Outcome(
            long applied, boolean moved, @Nullable String left) {}
}
