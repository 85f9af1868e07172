package tap.eventsourcing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jboss.logging.Logger;
import tap.eventsourcing.followers.Follower;
import tap.eventsourcing.relay.Relay;
import tap.eventsourcing.topics.Broker;
import tap.eventsourcing.topics.TopicCheck;

/** The state of the way from log to topic and from topic to copy; never part of readiness: with Kafka away a pod still serves. */
public final class Pipeline implements AutoCloseable {
    /** Lag of the relay from which the pipeline is not up. */
    public static final Duration MOST_LAG = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(Pipeline.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Broker broker;
    private final Relay relay;
    private final List<Follower> followers;
    private final TopicCheck topics;
    private final Thread thread = Thread.ofVirtual().name("pipeline").unstarted(this::run);
    private volatile boolean brokerThere;

    /** @param followers all of the service's */
    public Pipeline(Broker broker, Relay relay, List<Follower> followers, TopicCheck topics) {
        this.broker = broker;
        this.relay = relay;
        this.followers = List.copyOf(followers);
        this.topics = topics;
    }

    /** Starts to look at the broker every second; returns at once. */
    public void start() {
        thread.start();
    }

    /** What is known now; does not wait. */
    public Status status() {
        Map<String, String> details = new TreeMap<>();
        boolean up = brokerThere;
        details.put("broker", brokerThere ? "there" : "away");
        details.put("relay.lease", relay.holdsLease() ? "this pod" : "another pod or none");
        relay.leaseHolder().ifPresent(holder -> details.put("relay.holder", holder));
        // who stands by does not know the lag, and is no less up for it
        details.put(
                "relay.lag.seconds",
                relay.lag().map(lag -> Long.toString(lag.toSeconds())).orElse("known to the holder"));
        relay.failure().ifPresent(failure -> details.put("relay.failure", failure));
        up &= relay.failure().isEmpty()
                && relay.lag().filter(lag -> lag.compareTo(MOST_LAG) >= 0).isEmpty();
        switch (topics.state()) {
            case TopicCheck.State.Passed passed -> details.put("topics", "as expected");
            case TopicCheck.State.Pending pending -> {
                details.put("topics", pending.reason());
                up = false;
            }
            case TopicCheck.State.Refused refused -> {
                details.put("topics", String.join("; ", refused.reasons()));
                up = false;
            }
        }
        for (Follower follower : followers) {
            details.put("follower." + follower.topic() + ".lag.messages", Long.toString(follower.lag()));
            if (follower.held() > 0) {
                details.put("follower." + follower.topic() + ".held.partitions", Integer.toString(follower.held()));
                up = false;
            }
        }
        return new Status(up, details);
    }

    /** The topics whose copy has not yet once been complete, by name; such a pod must not decide. */
    public List<String> notCaughtUp() {
        return followers.stream()
                .filter(follower -> !follower.caughtUp())
                .map(Follower::topic)
                .sorted()
                .toList();
    }

    private void run() {
        try {
            while (true) {
                try {
                    broker.names().await().atMost(PATIENCE);
                    brokerThere = true;
                } catch (RuntimeException away) {
                    if (brokerThere) {
                        LOG.warnf("pipeline: Kafka is away: %s", away.getMessage());
                    }
                    brokerThere = false;
                }
                Thread.sleep(LOOK_EVERY);
            }
        } catch (InterruptedException closing) {
            LOG.debug("pipeline: closed");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /**
     * The pipeline's state.
     *
     * @param up broker there, topics as expected, relay not failing and, where it is known,
     *     within {@link #MOST_LAG}, no partition held
     * @param details name → value, for people
     */
    public record Status(boolean up, Map<String, String> details) {}
}
