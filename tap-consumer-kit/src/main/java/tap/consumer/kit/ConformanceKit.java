package tap.consumer.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tap.contract.Topic;

/**
 * Plays every {@link Scenario} to a consumer, on topics of its own, and compares what becomes of its state with what the same
 * consumer makes of the same history when nothing happens to it. Takes seconds. For one thread.
 */
public final class ConformanceKit {
    private static final int SLICES = 10;
    // enough to tell what is in order in a stream from what is in order in a topic
    private static final int PARTITIONS = 3;
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final String bootstrapServers;
    private final Supplier<? extends ConsumerUnderTest> consumers;
    private final long seed;
    private final Duration patience;
    private final Set<Topic> topics;
    private final List<Sample> history;
    private final Set<String> victims;
    private final List<Report.Finding> findings = new ArrayList<>();

    /**
     * Prepares a kit.
     *
     * @param bootstrapServers of a Kafka on which topics may be created and are left behind, under prefixes {@code kit-….}
     * @param consumers makes a consumer with empty data, as often as it is asked
     * @param seed makes the history; print it
     * @param patience how long a consumer may stand still before that is a finding; 10 s will do
     */
    public ConformanceKit(
            String bootstrapServers, Supplier<? extends ConsumerUnderTest> consumers, long seed, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.consumers = consumers;
        this.seed = seed;
        this.patience = patience;
        this.topics = consumers.get().topics();
        this.history = History.of(seed, topics);
        this.victims = History.victims(history);
    }

    /** Plays every scenario. */
    public Report run() {
        return run(EnumSet.allOf(Scenario.class));
    }

    /** Plays some scenarios, and a clean history in any case. */
    public Report run(Set<Scenario> scenarios) {
        findings.clear();
        try (KafkaProducer<String, byte[]> producer = producer();
                Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Supplier<String> fresh = () -> createTopics(admin);
            Play clean = new Play(Scenario.CLEAN, fresh.get(), producer);
            Object truth = clean.after(history, Set.of());
            if (scenarios.contains(Scenario.REPLAY)) {
                Play again = new Play(Scenario.REPLAY, clean.prefix, producer);
                again.ends.putAll(clean.ends);
                again.expect(truth, again.after(List.of(), Set.of()));
            }
            harmless().forEach((scenario, samples) -> {
                if (scenarios.contains(scenario)) {
                    Play play = new Play(scenario, fresh.get(), producer);
                    play.expect(truth, play.after(samples, Set.of()));
                }
            });
            for (Scenario scenario : List.of(Scenario.RESTARTS, Scenario.KILLS)) {
                if (scenarios.contains(scenario)) {
                    Play play = new Play(scenario, fresh.get(), producer);
                    play.expect(truth, play.withEnds(scenario == Scenario.KILLS));
                }
            }
            Map<Scenario, List<Sample>> harmful = harmful();
            harmful.keySet().retainAll(scenarios);
            if (!harmful.isEmpty()) {
                // the same streams are hurt at the same place in each, so that one run says what is right for all
                Object truthUntilFault = new Play(Scenario.CLEAN, fresh.get(), producer)
                        .after(
                                each(sample -> Stream.of(sample).filter(one -> !isVictim(one) || one.sequence() == 1)),
                                Set.of());
                harmful.forEach((scenario, samples) -> {
                    Play play = new Play(scenario, fresh.get(), producer);
                    play.expect(truthUntilFault, play.after(samples, victims));
                });
            }
        }
        return new Report(seed, List.copyOf(findings));
    }

    // What a consumer must take as if nothing had happened.
    private Map<Scenario, List<Sample>> harmless() {
        Map<Scenario, List<Sample>> harmless = new EnumMap<>(Scenario.class);
        harmless.put(Scenario.EVERY_EVENT_TWICE, each(sample -> Stream.of(sample, sample)));
        harmless.put(Scenario.RESENT_PREFIXES, resentPrefixes());
        harmless.put(Scenario.OPTIONAL_MEMBER, each(sample -> Stream.of(sample.with("addedInALaterRelease", "?"))));
        return harmless;
    }

    // What a consumer must hold the victims for, and nothing else.
    private Map<Scenario, List<Sample>> harmful() {
        Map<Scenario, List<Sample>> harmful = new EnumMap<>(Scenario.class);
        harmful.put(Scenario.GAP, second(sample -> Stream.of()));
        harmful.put(Scenario.FORK, forked());
        harmful.put(Scenario.UNKNOWN_TYPE, second(sample -> Stream.of(sample.withType("tap.never-heard-of.v1"))));
        harmful.put(
                Scenario.NEWER_VERSION,
                second(sample -> Stream.of(sample.withType(sample.type().replaceFirst("v\\d+$", "v99")))));
        return harmful;
    }

    private boolean isVictim(Sample sample) {
        return victims.contains(sample.subject());
    }

    private List<Sample> each(Function<Sample, Stream<Sample>> becomes) {
        return history.stream().flatMap(becomes).toList();
    }

    private List<Sample> second(Function<Sample, Stream<Sample>> becomes) {
        return each(sample -> isVictim(sample) && sample.sequence() == 2 ? becomes.apply(sample) : Stream.of(sample));
    }

    private List<Sample> forked() {
        UnaryOperator<Sample> fork = sample ->
                sample.withId(UUID.nameUUIDFromBytes(sample.id().toString().getBytes(StandardCharsets.UTF_8)));
        return each(sample ->
                isVictim(sample) && sample.sequence() == 1 ? Stream.of(sample, fork.apply(sample)) : Stream.of(sample));
    }

    private List<Sample> resentPrefixes() {
        List<Sample> resent = new ArrayList<>();
        for (int slice = 1; slice <= 4; slice++) {
            resent.addAll(history.subList(0, history.size() * slice / 4));
        }
        resent.addAll(history);
        // and one that begins streams whose end does not follow
        resent.addAll(history.subList(
                0,
                1
                        + IntStream.range(0, history.size())
                                .filter(i -> isVictim(history.get(i))
                                        && history.get(i).sequence() == 1)
                                .max()
                                .orElse(0)));
        return resent;
    }

    // Under a prefix that no other has, which is returned.
    private String createTopics(Admin admin) {
        String prefix = "kit-" + UUID.randomUUID() + ".";
        try {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(
                                            prefix + topic.name(),
                                            Optional.of(Math.min(topic.partitions(), PARTITIONS)),
                                            Optional.empty())
                                    .configs(topic.configuration()))
                            .toList())
                    .all()
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the topics were not created: " + e.getMessage(), e);
        }
        return prefix;
    }

    // One request in flight keeps each partition in order, whatever happens.
    private KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** One scenario on its topics. */
    private final class Play {
        private final Scenario scenario;
        private final String prefix;
        private final KafkaProducer<String, byte[]> producer;
        private final ConsumerUnderTest consumer = consumers.get();
        private final Map<Place, Long> ends = new HashMap<>();

        Play(Scenario scenario, String prefix, KafkaProducer<String, byte[]> producer) {
            this.scenario = scenario;
            this.prefix = prefix;
            this.producer = producer;
        }

        /** The consumer's state when it has read everything, and what has become wrong by then. */
        Object after(List<Sample> samples, Set<String> alarmed) {
            publish(samples);
            consumer.start(bootstrapServers, prefix);
            return finish(alarmed);
        }

        /** As {@link #after} of the history, which comes slice by slice, while the consumer ends and starts again. */
        Object withEnds(boolean kill) {
            for (int slice = 0; slice < SLICES; slice++) {
                long read = read();
                Changes changes = new Changes(consumer.state());
                consumer.start(bootstrapServers, prefix);
                publish(history.subList(history.size() * slice / SLICES, history.size() * (slice + 1) / SLICES));
                if (!kill) {
                    await(this::hasReadAll, LOOK_EVERY);
                    consumer.stop();
                } else {
                    // a consumer whose offset and effects are not one step is caught between them, whichever comes
                    // first
                    boolean byOffset = slice % 2 == 0;
                    int enough = 1 + slice / 2;
                    await(
                            () -> (!byOffset && changes.seen(consumer.state()) >= enough) || read() > read,
                            Duration.ZERO);
                    consumer.kill();
                }
            }
            consumer.start(bootstrapServers, prefix);
            return finish(Set.of());
        }

        void expect(Object expected, Object found) {
            if (!expected.equals(found)) {
                find("its state is not what the same events make of it when nothing happens: expected " + expected
                        + ", found " + found);
            }
        }

        private Object finish(Set<String> alarmed) {
            if (!await(this::hasReadAll, LOOK_EVERY)) {
                find("it stood still, and held up other streams: " + unread());
            }
            consumer.stop();
            Set<String> alarms = consumer.alarms();
            alarmed.stream()
                    .filter(subject -> !alarms.contains(subject))
                    .sorted()
                    .forEach(subject -> find("it raised no alarm for the stream " + subject));
            alarms.stream()
                    .filter(subject -> !alarmed.contains(subject))
                    .sorted()
                    .forEach(subject -> find("it raised an alarm for the stream " + subject + ", which is in order"));
            return consumer.state();
        }

        private void publish(List<Sample> samples) {
            List<Future<RecordMetadata>> sent = samples.stream()
                    .map(sample -> producer.send(sample.record(prefix)))
                    .toList();
            producer.flush();
            for (int i = 0; i < samples.size(); i++) {
                RecordMetadata metadata = sent.get(i).resultNow();
                ends.merge(new Place(samples.get(i).topic(), metadata.partition()), metadata.offset() + 1, Math::max);
            }
        }

        private boolean hasReadAll() {
            return ends.entrySet().stream()
                    .allMatch(end -> consumer.nextOffset(
                                    end.getKey().topic(), end.getKey().partition())
                            >= end.getValue());
        }

        private long read() {
            return topics.stream()
                    .mapToLong(topic -> IntStream.range(0, Math.min(topic.partitions(), PARTITIONS))
                            .mapToLong(partition -> consumer.nextOffset(topic, partition))
                            .sum())
                    .sum();
        }

        // Whether it became true before the consumer stood still for longer than patience lasts.
        private boolean await(BooleanSupplier condition, Duration lookEvery) {
            long read = read();
            long since = System.nanoTime();
            while (!condition.getAsBoolean()) {
                long now = read();
                if (now != read) {
                    read = now;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > patience.toNanos()) {
                    return false;
                }
                LockSupport.parkNanos(lookEvery.toNanos());
            }
            return true;
        }

        private String unread() {
            return ends.entrySet().stream()
                    .filter(end -> consumer.nextOffset(
                                    end.getKey().topic(), end.getKey().partition())
                            < end.getValue())
                    .map(end -> "%s/%d at %d of %d"
                            .formatted(
                                    end.getKey().topic().name(),
                                    end.getKey().partition(),
                                    consumer.nextOffset(
                                            end.getKey().topic(), end.getKey().partition()),
                                    end.getValue()))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }

        private void find(String sentence) {
            findings.add(new Report.Finding(scenario, sentence));
        }
    }

    private record Place(Topic topic, int partition) {}

    /** How often a state was seen to be another than before. */
    private static final class Changes {
        private Object last;
        private int changes;

        Changes(Object state) {
            last = state;
        }

        int seen(Object state) {
            if (!state.equals(last)) {
                last = state;
                changes++;
            }
            return changes;
        }
    }
}
