package tap.eventsourcing.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jboss.logging.Logger;
import tap.eventsourcing.Bell;

/**
 * Checks at start that the topics can be trusted with events: there, with the partitions that they were made with, and unable to
 * forget. While the broker is away the check waits in the background, and nothing waits for it.
 */
public final class TopicCheck implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopicCheck.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int REPLICAS = 3;
    private static final int IN_SYNC = 2;

    private final Broker broker;
    private final List<ExpectedTopic> topics;
    private final String prefix;
    private final boolean production;
    private final Bell bell = new Bell();
    private volatile State state = new State.Pending("not looked yet");
    private volatile boolean closed;

    /**
     * @param prefix the deployment's topic prefix
     * @param production whether 3 replicas and 2 in sync are required
     */
    public TopicCheck(Broker broker, List<ExpectedTopic> topics, String prefix, boolean production) {
        this.broker = broker;
        this.topics = List.copyOf(topics);
        this.prefix = prefix;
        this.production = production;
    }

    /**
     * Looks now and, while the broker is away, again and again.
     *
     * @param refused told what is wrong, one line each
     */
    public void start(Consumer<List<String>> refused) {
        Thread.ofPlatform().daemon().name("topic-check").start(() -> run(refused));
    }

    /** What was found last. */
    public State state() {
        return state;
    }

    @Override
    public void close() {
        closed = true;
        bell.ring();
    }

    private void run(Consumer<List<String>> refused) {
        while (!closed && state instanceof State.Pending) {
            state = look();
            switch (state) {
                case State.Passed passed -> LOG.debug("topics are as expected");
                case State.Refused wrong -> {
                    wrong.reasons().forEach(LOG::error);
                    refused.accept(wrong.reasons());
                }
                case State.Pending pending -> pause();
            }
        }
    }

    private void pause() {
        try {
            bell.await(AGAIN);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private State look() {
        List<String> names = topics.stream().map(topic -> prefix + topic.name()).toList();
        try {
            Set<String> there = Set.copyOf(broker.names().await().atMost(PATIENCE));
            List<String> missing =
                    names.stream().filter(name -> !there.contains(name)).toList();
            if (!missing.isEmpty()) {
                return new State.Refused(missing.stream()
                        .map(name -> "topic " + name + " does not exist; create it as docs/events.md says")
                        .toList());
            }
            Map<String, TopicDescription> described =
                    broker.describe(names).await().atMost(PATIENCE);
            Map<String, Config> configured = broker.configuration(names).await().atMost(PATIENCE);
            List<String> wrong = new ArrayList<>();
            for (ExpectedTopic topic : topics) {
                String name = prefix + topic.name();
                TopicDescription description = described.get(name);
                Config configuration = configured.get(name);
                if (description != null && configuration != null) {
                    wrong.addAll(faults(topic, description, configuration));
                }
            }
            return wrong.isEmpty() ? new State.Passed() : new State.Refused(wrong);
        } catch (RuntimeException away) {
            return new State.Pending("Kafka: " + away.getMessage());
        }
    }

    private List<String> faults(ExpectedTopic topic, TopicDescription description, Config configuration) {
        List<String> wrong = new ArrayList<>();
        String name = "topic " + description.name();
        if (description.partitions().size() != topic.partitions()) {
            wrong.add(name + " has " + description.partitions().size() + " partitions and not the " + topic.partitions()
                    + " that it was made with: keys would change their partition, and order would be lost");
        }
        String policy = value(configuration, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(topic.compacted() ? "compact" : "delete")) {
            wrong.add(name + " has cleanup.policy=" + policy + "; set " + (topic.compacted() ? "compact" : "delete"));
        }
        if (!topic.compacted()
                && !(value(configuration, TopicConfig.RETENTION_MS_CONFIG).equals("-1")
                        && value(configuration, TopicConfig.RETENTION_BYTES_CONFIG)
                                .equals("-1"))) {
            wrong.add(name + " could forget events; set retention.ms=-1 and retention.bytes=-1");
        }
        if (production) {
            int replicas = description.partitions().getFirst().replicas().size();
            if (replicas < REPLICAS) {
                wrong.add(name + " has " + replicas + " replicas; production needs " + REPLICAS);
            }
            String inSync = value(configuration, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
            if (inSync.isEmpty() || Integer.parseInt(inSync) < IN_SYNC) {
                wrong.add(name + " has min.insync.replicas=" + inSync + "; production needs " + IN_SYNC);
            }
        }
        return wrong;
    }

    private static String value(Config configuration, String key) {
        return configuration.get(key) == null ? "" : configuration.get(key).value();
    }

    /** What is known about the topics. */
    public sealed interface State {
        /**
         * Not looked at yet.
         *
         * @param reason why
         */
        record Pending(String reason) implements State {}

        /** All as expected. */
        record Passed() implements State {}

        /**
         * Not to be trusted.
         *
         * @param reasons what is wrong, one line each
         */
        record Refused(List<String> reasons) implements State {}
    }
}
