package tap.consumer.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tap.contract.ContractJson;
import tap.contract.EventTypes;
import tap.contract.Topic;
import tap.contract.Topics;

/** Counts the uses of passes that are in force, as one would write it by hand, and with one fault. Its data are in memory. */
final class BadConsumer implements ConsumerUnderTest {
    private static final Duration ROUND_TRIP_TO_A_DATABASE = Duration.ofMillis(1);
    // Between two steps that should be one: longer than a busy machine keeps whoever would kill it from running.
    private static final Duration TWO_STEPS = Duration.ofMillis(100);

    private final @Nullable Fault fault;
    private final Data data = new Data();
    private @Nullable Run run;

    /** One with a fault, or, without one, a good consumer. */
    BadConsumer(@Nullable Fault fault) {
        this.fault = fault;
    }

    @Override
    public Set<Topic> topics() {
        return Set.of(Topics.REDEMPTIONS);
    }

    @Override
    public void start(String bootstrapServers, String prefix) {
        run = new Run(bootstrapServers, prefix + Topics.REDEMPTIONS.name());
    }

    @Override
    public void stop() {
        Objects.requireNonNull(run).end(false);
    }

    @Override
    public void kill() {
        Objects.requireNonNull(run).end(true);
    }

    @Override
    public long nextOffset(Topic topic, int partition) {
        synchronized (data) {
            return data.offsets.getOrDefault(partition, 0L);
        }
    }

    @Override
    public Object state() {
        synchronized (data) {
            return new TreeMap<>(data.uses);
        }
    }

    @Override
    public Set<String> alarms() {
        synchronized (data) {
            return Set.copyOf(data.held);
        }
    }

    private boolean has(Fault one) {
        return fault == one;
    }

    /** What outlives a run. */
    private static final class Data {
        final Map<Integer, Long> offsets = new HashMap<>();
        final Map<String, String> received = new HashMap<>();
        final Map<String, Long> latest = new HashMap<>();
        final Map<String, Integer> uses = new HashMap<>();
        final Set<String> held = new HashSet<>();
    }

    /** From a start to an end. */
    private final class Run {
        private final KafkaConsumer<String, byte[]> kafka;
        private final Thread thread;
        private final Map<String, String> receivedInThisRun = new HashMap<>();
        private boolean stopped;
        private boolean killed;

        Run(String bootstrapServers, String topic) {
            kafka = new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrapServers,
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                            20),
                    new StringDeserializer(),
                    new ByteArrayDeserializer());
            List<TopicPartition> partitions = kafka.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            kafka.assign(partitions);
            for (TopicPartition partition : partitions) {
                kafka.seek(partition, nextOffset(Topics.REDEMPTIONS, partition.partition()));
            }
            if (has(Fault.STARTS_AT_THE_END)) {
                kafka.seekToEnd(partitions);
                partitions.forEach(kafka::position);
            }
            thread = Thread.ofPlatform().start(this::consume);
        }

        void end(boolean kill) {
            synchronized (data) {
                stopped = true;
                killed |= kill;
            }
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void consume() {
            try (kafka) {
                while (goesOn(true)) {
                    var records = kafka.poll(Duration.ofMillis(20));
                    for (TopicPartition partition : records.partitions()) {
                        consume(records.records(partition));
                    }
                }
            }
        }

        private void consume(List<ConsumerRecord<String, byte[]>> records) {
            boolean early = has(Fault.OFFSET_BEFORE_EFFECT);
            boolean late = has(Fault.EFFECT_BEFORE_OFFSET);
            if (early && goesOn(false)) {
                moveTo(records.getLast());
                LockSupport.parkNanos(TWO_STEPS.toNanos());
            }
            for (ConsumerRecord<String, byte[]> record : records) {
                LockSupport.parkNanos(ROUND_TRIP_TO_A_DATABASE.toNanos());
                synchronized (data) {
                    if (killed || (has(Fault.STOPS_ALL_STREAMS_AT_A_FAULT) && !data.held.isEmpty())) {
                        return;
                    }
                    receive(record);
                    if (!early && !late) {
                        moveTo(record);
                    }
                }
            }
            if (late) {
                LockSupport.parkNanos(TWO_STEPS.toNanos());
                if (goesOn(false)) {
                    moveTo(records.getLast());
                }
            }
        }

        private boolean goesOn(boolean whole) {
            synchronized (data) {
                return !killed && !(whole && stopped);
            }
        }

        private void moveTo(ConsumerRecord<?, ?> record) {
            synchronized (data) {
                data.offsets.put(record.partition(), record.offset() + 1);
            }
        }

        private void receive(ConsumerRecord<String, byte[]> record) {
            String subject = header(record, "ce_subject");
            String id = header(record, "ce_id");
            String type = header(record, "ce_type").substring(EventTypes.CLOUD_EVENTS_PREFIX.length());
            long sequence = Long.parseLong(header(record, "ce_sequence"));
            Map<String, String> received = has(Fault.EFFECT_BEFORE_OFFSET) ? receivedInThisRun : data.received;
            String earlier = received.get(subject + "/" + sequence);
            long latest = data.latest.getOrDefault(subject, 0L);
            if (has(Fault.TAKES_NEWER_VERSIONS_FOR_THE_OLD)) {
                type = type.replaceFirst("v\\d+$", "v1");
            }
            if (has(Fault.EFFECT_BEFORE_OFFSET)) {
                latest = Math.min(latest, sequence - 1);
            }
            boolean again = has(Fault.REMEMBERS_ONLY_THE_LAST_EVENT)
                    ? sequence == latest
                    : earlier != null && (earlier.equals(id) || has(Fault.TAKES_FORKS));
            if (again && !has(Fault.NO_DUPLICATE_CHECK)) {
                return;
            }
            if (data.held.contains(subject) && !has(Fault.SKIPS_GAPS_BUT_RAISES_AN_ALARM)) {
                return;
            }
            boolean fork = sequence <= latest;
            boolean gap = sequence > latest + 1;
            boolean unknown = EventTypes.record(type).isEmpty();
            boolean harmless = (fork && (has(Fault.NO_DUPLICATE_CHECK) || has(Fault.REMEMBERS_ONLY_THE_LAST_EVENT)))
                    || (gap && has(Fault.SKIPS_GAPS))
                    || (unknown && has(Fault.SKIPS_UNKNOWN_TYPES));
            JsonNode event = json(record);
            boolean addition = has(Fault.REFUSES_ADDITIONS) && event.has("addedInALaterRelease");
            if ((fork || gap || unknown || addition) && !harmless) {
                data.held.add(subject);
                if (!has(Fault.SKIPS_GAPS_BUT_RAISES_AN_ALARM)) {
                    return;
                }
            }
            received.put(subject + "/" + sequence, id);
            data.latest.merge(subject, sequence, Math::max);
            switch (type) {
                case "pass-admitted.v1" -> data.uses.putIfAbsent(subject, 0);
                case "pass-redeemed.v1" -> data.uses.computeIfPresent(subject, (pass, uses) -> uses + 1);
                case "pass-spent.v1", "pass-expired.v1", "pass-withdrawn.v1" -> data.uses.remove(subject);
                default -> {}
            }
        }

        private static JsonNode json(ConsumerRecord<String, byte[]> record) {
            try {
                return ContractJson.mapper().readTree(record.value());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String header(ConsumerRecord<?, ?> record, String name) {
            return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }
    }
}
